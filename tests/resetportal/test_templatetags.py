"""The words, shapes and drawings that every page shares."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils import translation

from resetportal import icons, words
from resetportal.drawing import month, night, season
from resetportal.drawing.scale import Scale, place_labels

NIGHT = datetime(2027, 7, 28, 8, 0, 31, tzinfo=UTC)


def rendered(source: str, **context: object) -> str:
    return Template("{% load portal drawings %}" + source).render(Context(context))


@dataclass(frozen=True)
class Day:
    """A judged day."""

    day: date
    verdict: str = "allowed"
    sentence: str = "No rule speaks against it."
    nearest: date | None = None


class TestDates:
    def test_days_moments_and_numbers_follow_the_reader_s_language(self) -> None:
        with translation.override("de"):
            assert words.spoken(date(2027, 7, 27)) == "Di, 27. Juli 2027"
            assert words.spoken_day(date(2027, 7, 27)) == "Di, 27. Juli"
            assert words.moment(NIGHT, "America/Los_Angeles").startswith("Mi, 28. Juli 2027, 01:00 ")
            assert words.numbers(9412) == "9.412"

    def test_a_date_begins_with_its_weekday(self) -> None:
        assert words.spoken(date(2027, 7, 27)) == "Tue, July 27, 2027"

    def test_a_column_cuts_long_months_and_leaves_short_ones(self) -> None:
        assert words.brief_day(date(2027, 8, 9)) == "Mon, Aug 9"
        assert words.brief_day(date(2027, 6, 9)) == "Wed, June 9"

    def test_a_moment_is_the_date_of_its_zone(self) -> None:
        midnight_in_utc = datetime(2027, 7, 28, 0, 30, tzinfo=UTC)
        assert rendered("{{ at|spoken_day:zone }}", at=midnight_in_utc, zone="America/Los_Angeles") == "Tue, July 27"

    def test_a_moment_without_a_zone_is_refused(self) -> None:
        with pytest.raises(TemplateSyntaxError, match="pass the zone"):
            rendered("{{ at|spoken }}", at=NIGHT)

    def test_a_missing_date_says_nothing(self) -> None:
        assert rendered("{{ at|spoken }}{{ at|brief_day }}{{ at|clock_time:'UTC' }}", at=None) == ""

    def test_a_run_of_days_names_both_ends_and_one_day_itself(self) -> None:
        assert words.day_range(date(2027, 6, 1), date(2027, 7, 26)) == "June 1 to July 26"
        assert words.day_range(date(2027, 7, 27), date(2027, 7, 27)) == "Tue, July 27"


class TestTimes:
    @pytest.mark.parametrize(
        ("zone", "said"),
        [
            ("America/Los_Angeles", "1:00 AM PDT"),
            ("America/New_York", "4:00 AM EDT"),
            ("Pacific/Guam", "6:00 PM ChST"),
            ("America/Sao_Paulo", "5:00 AM UTC-03"),
            ("Asia/Kathmandu", "1:45 PM UTC+05:45"),
        ],
    )
    def test_a_time_stands_with_its_zone(self, zone: str, said: str) -> None:
        assert words.clock_time(NIGHT, zone) == said

    def test_midnight_and_noon_are_twelve(self) -> None:
        assert words.clock_time(datetime(2027, 7, 28, 7, tzinfo=UTC), "America/Los_Angeles") == "12:00 AM PDT"
        assert words.clock_time(datetime(2027, 7, 28, 19, tzinfo=UTC), "America/Los_Angeles") == "12:00 PM PDT"

    def test_a_time_can_be_exact_and_can_leave_its_zone_out(self) -> None:
        assert words.clock_time(NIGHT, "America/Los_Angeles", seconds=True) == "1:00:31 AM PDT"
        assert words.clock_time(NIGHT, "America/Los_Angeles", named=False) == "1:00 AM"

    def test_a_moment_is_a_date_and_a_time(self) -> None:
        assert rendered("{{ at|moment:'America/Los_Angeles' }}", at=NIGHT) == "Wed, July 28, 2027, 1:00 AM PDT"

    def test_a_zone_is_called_as_people_call_it(self) -> None:
        assert words.zone_name("America/Los_Angeles") == "Pacific"
        assert words.zone_name("Asia/Ho_Chi_Minh") == "Ho Chi Minh"

    @pytest.mark.parametrize(
        ("length", "said"), [(41, "0:41"), (timedelta(hours=1, seconds=63), "1:01:03"), (-5, "0:00")]
    )
    def test_a_length_of_time_reads_like_a_clock(self, length: float | timedelta, said: str) -> None:
        assert words.elapsed(length) == said


class TestNumbers:
    def test_thousands_are_separated_and_the_unknown_is_a_dash(self) -> None:
        assert rendered("{{ a|numbers }} {{ b|numbers }}", a=9412, b=None) == "9,412 –"

    def test_a_noun_follows_its_number(self) -> None:
        assert rendered("{{ 1|counted:'school' }}, {{ 14|counted:'school' }}") == "1 school, 14 schools"
        assert rendered("{{ 2|counted:'person' }}") == "2 people"

    def test_a_share_stays_within_its_whole(self) -> None:
        assert [words.share(1, 4), words.share(5, 4), words.share(-1, 4), words.share(1, 0)] == [
            "25.0",
            "100.0",
            "0.0",
            "0",
        ]


class TestStates:
    def test_a_state_is_shape_then_word_then_colour(self) -> None:
        html = rendered("{% state 'risk' 'At risk' %}")
        assert html.index("<svg") < html.index("At risk")
        assert 'class="state is-stop"' in html

    def test_a_word_is_escaped(self) -> None:
        assert "<b>" not in rendered("{% state 'done' word %}{% note 'stop' word word word %}", word="<b>x</b>")

    def test_the_day_that_would_do_is_stressed_and_the_rest_is_escaped(self) -> None:
        html = rendered("{{ said|stressed }}", said="<i> Nearest day that would do: Sat, July 31.")
        assert html == "&lt;i&gt; Nearest day that would do: <b>Sat, July 31</b>."

    def test_a_shape_is_not_read_aloud(self) -> None:
        assert 'aria-hidden="true"' in rendered("{% icon 'clock' %}")

    def test_every_state_verdict_status_and_note_has_a_drawing_and_a_word(self) -> None:
        kinds = {kind for kind, _ in (*icons.VERDICTS.values(), *icons.RESETS.values())}
        assert kinds <= set(icons.STATES) == set(icons.KIND_WORDS)
        shapes = {shape for shape, _ in icons.STATES.values() if shape} | set(icons.NOTES.values())
        assert shapes <= set(icons.DRAWINGS)

    def test_default_and_chosen_differ_by_shape_and_word(self) -> None:
        assert "default" in rendered("{% date_mark False %}")
        assert "chosen" in rendered("{% date_mark True %}")
        assert icons.DRAWINGS["ring"] != icons.DRAWINGS["dot"]

    def test_a_bar_is_as_long_as_its_share(self) -> None:
        assert 'width="82.3%"' in rendered("{% bar 79 96 %}")

    def test_a_school_that_was_counted_again_is_filled(self) -> None:
        html = rendered("{% school_bar 50 200 25 %}")
        assert 'width="25.0%"' in html
        assert 'width="50.0%"' in html

    def test_pips_show_all_that_are_held_even_over_the_limit(self) -> None:
        assert rendered("{% for used in 2|pips:3 %}{{ used|yesno:'x,o' }}{% endfor %}") == "xxx"


class TestMonthGrid:
    def days(self, first: date, count: int) -> list[Day]:
        return [Day(first + timedelta(days=number)) for number in range(count)]

    def test_weeks_begin_on_sunday(self) -> None:
        (august,) = month.months(self.days(date(2027, 8, 1), 31), today=date(2027, 7, 27), chosen=None)
        assert [cell.day.day for cell in august.weeks[0] if cell] == [1, 2, 3, 4, 5, 6, 7]

    def test_a_day_of_another_month_leaves_its_place_empty(self) -> None:
        (july,) = month.months(self.days(date(2027, 7, 1), 31), today=date(2027, 7, 1), chosen=None)
        assert july.weeks[0][:4] == (None, None, None, None)

    def test_every_day_is_a_button_with_its_verdict_in_its_name(self) -> None:
        days = [Day(date(2027, 8, 18), "refused", "Rostering starts Mon, August 9.", date(2027, 8, 8))]
        html = rendered("{% month_grid days today %}", days=days, today=date(2027, 7, 27))
        assert 'aria-label="Wed, August 18, 2027, Refused"' in html
        assert "Nearest day: <b>Sun, August 8</b>" in html

    def test_a_refused_day_can_still_be_pressed(self) -> None:
        html = rendered(
            "{% month_grid days today %}", days=[Day(date(2027, 8, 18), "refused")], today=date(2027, 7, 27)
        )
        assert "disabled" not in html

    def test_a_nearest_day_that_the_sentence_says_is_not_said_twice(self) -> None:
        day = Day(date(2027, 8, 18), "refused", "Nearest day: Sun, August 8.", date(2027, 8, 8))
        html = rendered("{% month_grid days today %}", days=[day], today=date(2027, 7, 27))
        assert html.count("Sun, August 8") == 1

    def test_the_choice_and_the_labels_are_part_of_the_name(self) -> None:
        (july,) = month.months(
            self.days(date(2027, 7, 1), 31),
            today=date(2027, 7, 28), chosen=date(2027, 7, 28), labels={date(2027, 7, 28): "default"},
        )  # fmt: skip
        cell = next(cell for week in july.weeks for cell in week if cell and cell.day.day == 28)
        assert cell.name == "Wed, July 28, 2027, Allowed, today, default, your choice"
        assert cell.kind == "chosen"

    def test_the_words_mark_the_range_that_holds_the_choice(self) -> None:
        @dataclass(frozen=True)
        class Run:
            first: date
            last: date
            verdict: str = "refused"
            sentence: str = "Past."
            rules: tuple[str, ...] = ("W1", "W10")

        runs = [Run(date(2027, 6, 1), date(2027, 6, 30)), Run(date(2027, 7, 1), date(2027, 7, 31), "allowed")]
        csm, admin = SimpleNamespace(role="csm"), SimpleNamespace(role="district_admin")
        html = rendered("{% adviser_words runs chosen %}", runs=runs, chosen=date(2027, 7, 6), user=csm)
        assert html.count("is-here") == 1
        assert html.index("is-here") > html.index("June 1 to June 30")
        assert set(re.findall(r'#(W\d+)"', html)) == {"W1", "W10"}
        assert "W1" not in rendered("{% adviser_words runs %}", runs=runs, user=admin)  # numbers of the vendor's


class TestScale:
    def test_a_moment_off_the_axis_is_drawn_at_its_end(self) -> None:
        scale = Scale(date(2027, 6, 1), date(2027, 6, 11))
        assert [scale.at(date(2027, 5, 1)), scale.at(date(2027, 6, 6)), scale.at(date(2027, 7, 1))] == [0, 50, 100]

    def test_labels_of_near_marks_do_not_run_into_each_other(self) -> None:
        first, second = place_labels([(50.0, 20), (51.5, 20)], width=1000)
        assert (first.row, first.side) != (second.row, second.side)

    def test_a_label_that_fits_nowhere_beside_its_mark_goes_to_the_row_below(self) -> None:
        places = place_labels([(50.0, 60), (51.0, 60), (52.0, 60)], width=1000)
        assert len({(place.row, place.side) for place in places}) == 3
        assert max(place.row for place in places) >= 1

    def test_a_label_keeps_clear_of_the_line_of_today(self) -> None:
        (place,) = place_labels([(50.0, 10)], width=1000, walls=[52.0])
        assert place.side == "left"


class TestTimelines:
    def facts(self, **more: object) -> dict[str, object]:
        return {"first": date(2027, 6, 1), "last": date(2027, 8, 31), "today": date(2027, 7, 27)} | more

    def test_a_season_of_which_nothing_is_known_is_drawn_all_the_same(self) -> None:
        html = rendered("{% season_timeline facts %}", facts=self.facts())
        assert "Today, Tue, July 27" in html
        assert "On, nightly" in html

    def test_the_default_is_drawn_where_another_day_was_chosen(self) -> None:
        reset = {"at": date(2027, 8, 3), "label": "Reset, Tue, August 3", "detail": "chosen"}
        moved = season.timeline(self.facts(reset=reset, default=date(2027, 7, 28)))
        stays = season.timeline(self.facts(reset=reset, default=date(2027, 8, 3)))
        lanes = [{lane["name"]: lane for lane in drawn["lanes"]}["Reset"] for drawn in (moved, stays)]
        assert [len(lane["marks"]) for lane in lanes] == [2, 1]
        assert "arrow" in lanes[0]
        assert "arrow" not in lanes[1]

    def test_today_outside_of_the_season_has_no_line(self) -> None:
        assert season.timeline(self.facts(today=date(2027, 12, 1)))["today"] is None

    def test_what_is_drawn_is_also_said(self) -> None:
        facts = self.facts(new_year=[{"at": date(2027, 8, 9), "label": "Rostering starts", "detail": "Mon, August 9"}])
        html = rendered("{% season_timeline facts %}", facts=facts)
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html.partition("<figcaption>")[2])).strip()
        assert said == "Today, Tue, July 27 Rostering starts, Mon, August 9"

    def test_its_points_are_in_the_order_of_their_dates(self) -> None:
        reset = {"at": date(2027, 8, 3), "label": "Reset", "detail": "chosen"}
        record = {"at": date(2027, 7, 26), "label": "Export made July 26", "tone": "wait"}
        paused = {"first": date(2027, 8, 3), "last": None, "label": "Paused until rostering is complete"}
        sessions = [{"label": "School", "detail": "to June 10", "first": None, "last": date(2027, 6, 10)}]
        facts = self.facts(reset=reset, default=date(2027, 7, 28), records=[record], paused=paused, sessions=sessions)
        kinds = [point["kind"] for point in season.points(facts)]
        assert kinds == ["session", "record", "today", "default", "reset", "paused"]
        assert "default" not in [point["kind"] for point in season.points(facts | {"default": reset["at"]})]

    def test_the_small_timeline_stands_without_sessions_and_rostering(self) -> None:
        facts = {"chosen": date(2027, 7, 6), "session_ends": None, "rostering_starts": None, "recommended": None}
        html = rendered("{% small_timeline facts %}", facts=facts)
        assert "July 6" in html
        assert "Rostering" not in html

    def test_the_days_clear_before_rostering_are_counted_between_the_two(self) -> None:
        facts = {
            "chosen": date(2027, 8, 3),
            "session_ends": None,
            "rostering_starts": date(2027, 8, 9),
            "recommended": None,
        }
        assert season.small_timeline(facts)["clear"]["days"] == 5

    def test_words_that_cannot_stand_at_their_mark_lead_to_it(self) -> None:
        facts = {"chosen": date(2027, 7, 31), "session_ends": date(2027, 7, 30), "session_label": "Summer session"}
        facts |= {"rostering_starts": date(2027, 8, 9), "recommended": None}
        drawn = season.small_timeline(facts)
        assert (drawn["label_at"], drawn["chosen"]) in drawn["leads"]
        assert rendered("{% small_timeline facts %}", facts=facts).count("t-lead") == len(drawn["leads"])
        alone = {"chosen": date(2027, 7, 6), "session_ends": None, "rostering_starts": None, "recommended": None}
        assert season.small_timeline(alone)["leads"] == []


class TestWaveBoard:
    def wave(self, **counts: int) -> dict[str, object]:
        parts = {"completed": 0, "running": 0, "held": 0, "due": 0} | counts
        return {"name": "Pacific", "abbreviation": "PDT", "starts_at": NIGHT.replace(second=0)} | parts

    def words_of(self, **counts: int) -> str:
        facts = {"now": NIGHT, "zone": "America/Los_Angeles", "waves": [self.wave(**counts)]}
        return str(night.wave_board(facts)["waves"][0]["words"])

    def test_a_wave_says_its_numbers(self) -> None:
        assert self.words_of(due=214) == "214 due"
        assert self.words_of(completed=4) == "4 completed"
        assert self.words_of(completed=134, running=4, held=2, due=101) == "134 of 241 completed, 4 running, 2 held"

    def test_a_night_with_nothing_due_is_drawn_all_the_same(self) -> None:
        html = rendered("{% wave_board facts %}", facts={"now": NIGHT, "zone": "UTC", "waves": []})
        assert "Now, 8:00 AM" in html

    def test_the_hours_are_of_the_zone_that_the_board_is_read_in(self) -> None:
        facts = {"now": NIGHT, "zone": "America/Los_Angeles", "waves": [self.wave(due=1)]}
        assert "1 AM" in [hour["label"] for hour in night.wave_board(facts)["hours"]]


class TestPagesOfErrors:
    @pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
    def test_they_need_nothing_that_may_be_broken(self, name: str) -> None:
        html = render_to_string(name)
        assert "<h1>" in html
        assert "Go to your page" in html


def test_a_polled_fragment_says_its_sentence_only_to_htmx() -> None:
    fragment = "components/say.html"
    asked = {"request": {"htmx": True}, "say": "Verifying: 9 of 13"}
    assert 'hx-swap-oob="innerHTML:#live"' in render_to_string(fragment, asked)
    assert render_to_string(fragment, asked | {"request": {"htmx": False}}).strip() == ""
