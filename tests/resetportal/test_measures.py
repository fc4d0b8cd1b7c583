"""A student's benchmarks on a line: round numbers around them, and a place for each of three."""

import pytest

from resetportal.drawing.measures import FLOOR, TOP, measures


def drawn(*values: int | None) -> dict[str, list[dict[str, object]]]:
    points = [
        {"number": place, "text": f"{value}Q", "day": "", "value": value} for place, value in enumerate(values, 1)
    ]
    return measures(points)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ((616, 695), [600, 650, 700]),
        ((-50,), [-50, 0]),
        ((725, 725), [700, 750]),
        ((-120, 80, 410), [-500, 0, 500]),
        ((0, 5000), [0, 5000]),
    ],
)
def test_the_scale_has_round_numbers_around_every_value(values: tuple[int, ...], ticks: list[int]) -> None:
    assert [tick["value"] for tick in drawn(*values)["ticks"]] == ticks


@pytest.mark.parametrize("values", [(616, 695), (-50,), (725, 725, 725), (-400, 1600, 300)])
def test_every_point_lies_between_the_ends_of_the_scale(values: tuple[int, ...]) -> None:
    for point in drawn(*values)["points"]:
        assert TOP <= float(str(point["y"])) <= FLOOR
        assert 8 < float(str(point["x"])) < 100


def test_a_benchmark_without_a_measure_is_left_out_and_keeps_its_place() -> None:
    found = drawn(616, None, 695)
    assert [point["number"] for point in found["points"]] == [1, 3]
    assert found["points"][1]["x"] == drawn(1, 2, 3)["points"][2]["x"]
    assert len(found["lines"]) == 1


def test_without_any_measure_nothing_is_drawn() -> None:
    assert drawn(None) == {"points": [], "ticks": [], "lines": []}


def test_a_day_is_told_in_parts_so_that_a_narrow_drawing_can_leave_some_out() -> None:
    point = {"number": 1, "text": "616Q", "value": 616}
    (drawn_point,) = measures([point | {"day": "Tue, October 6, 2026"}])["points"]
    assert [drawn_point[part] for part in ("weekday", "short_day", "year")] == ["Tue, ", "October 6", ", 2026"]
    (odd,) = measures([point | {"day": "today"}])["points"]
    assert [odd[part] for part in ("weekday", "short_day", "year")] == ["", "today", ""]
