/** The last millisecond of the year 9999, since 1970: what is later, dates and timestamps on the wire cannot say. */
export const latestMs = 253_402_300_799_999;
