import tempfile
import unittest
from pathlib import Path

from crossfade_train.complaint import Complaint
from crossfade_train.dataset import Dataset
from crossfade_train.datasets.table import read_table


def read(text: str) -> Dataset:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clicks.tsv"
        file.write_text(text)
        return read_table(file, "clicks")


class TableTest(unittest.TestCase):
    def test_sorts_by_time_and_keeps_the_last_two_items(self) -> None:
        data = read("user\titem\ttime\ttitle\nu\tc\t3\tThird\nu\ta\t1\tFirst\nu\td\t4\t\nu\tb\t2\tSecond\nv\ta\t1\t\n")
        names = lambda indexes: [data.items[index] for index in indexes]
        self.assertEqual(names(data.train[0].items), ["a", "b"])
        self.assertEqual((names(data.validation[0].sequence), data.items[data.validation[0].target]), (["a", "b"], "c"))
        self.assertEqual((names(data.test[0].sequence), data.items[data.test[0].target]), (["a", "b", "c"], "d"))
        self.assertEqual(data.titles[data.items.index("a")], "First")
        self.assertEqual((data.users, len(data.test)), (["u", "v"], 1))

    def test_complains_with_the_line_and_the_value(self) -> None:
        for text, complaint in (
            ("", "first line has to name the columns"),
            ("user\tthing\n", "first line has to name the columns"),
            ("user\titem\nu\n", "line 2 has 1 columns, the first line names 2"),
            ("user\titem\nu\ta,b\n", "line 2: the item is 'a,b'"),
            ("user\titem\ttime\nu\ta\tnoon\n", "line 2: time is 'noon', not a number"),
            ("user\titem\nu\ta\nu\tb\n", "no user with 3 items"),
        ):
            with self.assertRaisesRegex(Complaint, complaint):
                read(text)

    def test_complains_about_a_file_that_is_not_there(self) -> None:
        with self.assertRaisesRegex(Complaint, "No such file"):
            read_table(Path("missing.tsv"), "missing")
