/** Writes the table of docs/metrics.md from what the processes export. A test tells when they differ. */
import { readFileSync, writeFileSync } from "node:fs";
import { describeAll } from "./monitoring/describe-all.ts";
import { withTable } from "./monitoring/metrics-table.ts";

const file = new URL("../docs/metrics.md", import.meta.url);
writeFileSync(file, withTable(readFileSync(file, "utf8"), describeAll()));
