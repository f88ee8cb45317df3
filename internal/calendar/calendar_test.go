package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// YYYY-MM-DD can only write years of four digits.
var (
	firstDate = dateOf("0001-01-01T00:00:00Z")
	lastDate  = dateOf("9999-12-31T00:00:00Z")
)

func dateOf(instant string) calendar.Date { return calendar.DateOf(timeOf(instant)) }

func timeOf(instant string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, instant)
	if err != nil {
		panic(err)
	}
	return at
}

func TestADateIsReadUnchangedFromItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Date(rapid.IntRange(int(firstDate), int(lastDate)).Draw(t, "date"))
		if back, err := calendar.ParseDate(d.String()); back != d || err != nil {
			t.Errorf("%d is %s, which reads as %d, %v", d, d, back, err)
		}
		text, err := json.Marshal(map[calendar.Date]calendar.Date{d: d})
		if err != nil {
			t.Fatal(err)
		}
		back := map[calendar.Date]calendar.Date{}
		if err := json.Unmarshal(text, &back); err != nil || back[d] != d {
			t.Errorf("%d is %s in JSON, which reads as %v, %v", d, text, back, err)
		}
	})
}

func TestADayContainsEachOfItsInstants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Date(rapid.IntRange(int(firstDate), int(lastDate)).Draw(t, "date"))
		within := time.Duration(rapid.Int64Range(0, int64(24*time.Hour-1)).Draw(t, "within"))
		zone := time.FixedZone("somewhere", rapid.IntRange(-14*3600, 14*3600).Draw(t, "zone"))
		if got := calendar.DateOf(d.Start().Add(within).In(zone)); got != d {
			t.Errorf("%v after the start of %s the day is %s", within, d, got)
		}
		if got := calendar.DateOf(d.Close()); got != d+1 {
			t.Errorf("%s closes on %s", d, got)
		}
	})
}

func TestTheUTCDayOfAnInstant(t *testing.T) {
	for instant, want := range map[string]string{
		"1970-01-01T00:00:00Z":           "1970-01-01",
		"1969-12-31T23:59:59.999999999Z": "1969-12-31",
		"1969-12-31T00:00:00Z":           "1969-12-31",
		"1969-12-30T23:59:59Z":           "1969-12-30",
		"1900-02-28T12:00:00Z":           "1900-02-28",
		"2024-02-29T23:59:59.9Z":         "2024-02-29",
		"2026-11-30T23:59:59Z":           "2026-11-30",
		"2026-12-31T22:00:00-02:00":      "2027-01-01",
		"2027-01-01T00:30:00+01:00":      "2026-12-31",
	} {
		if got := dateOf(instant).String(); got != want {
			t.Errorf("%s is on %s, want %s", instant, got, want)
		}
	}
	if dateOf("1970-01-01T00:00:00Z") != 0 || dateOf("1969-12-31T23:00:00Z") != -1 {
		t.Error("days are not counted from 1970-01-01")
	}
}

func TestInvalidDatesAreRefused(t *testing.T) {
	for _, given := range []string{
		"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "2026-1-2", "26-11-20", "20261120", "2026-11-20T00:00:00Z",
		" 2026-11-20", "2026-11-20\n", "2026/11/20", "20.11.2026", "-2026-11-20", "10000-01-01", "２０２６-11-20", "today", "null",
	} {
		if got, err := calendar.ParseDate(given); err == nil || got != 0 {
			t.Errorf("ParseDate(%q) = %s", given, got)
		} else if err.Error() != "not a date of the form YYYY-MM-DD" {
			t.Errorf("ParseDate(%q) repeats its input: %v", given, err)
		}
	}
	var d calendar.Date
	for _, given := range []string{`5`, `"5"`, `{}`, `"2026-02-29"`} {
		if err := json.Unmarshal([]byte(given), &d); err == nil {
			t.Errorf("%s is read as %s, want an error", given, d)
		}
	}
}

func TestTheLastDaysEndYesterday(t *testing.T) {
	for _, test := range []struct {
		now  string
		n    int
		want []string
	}{
		{"2026-03-02T00:00:00Z", 3, []string{"2026-02-27", "2026-02-28", "2026-03-01"}},
		{"2026-03-01T23:59:59Z", 2, []string{"2026-02-27", "2026-02-28"}},
		{"2024-03-01T12:00:00Z", 1, []string{"2024-02-29"}},
		{"2027-01-01T00:30:00+01:00", 2, []string{"2026-12-29", "2026-12-30"}},
		{"2026-11-22T09:00:00Z", 0, nil},
	} {
		var got []string
		for _, d := range calendar.LastDays(test.n, timeOf(test.now)).Days() {
			got = append(got, d.String())
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("the last %d days before %s (-want +got):\n%s", test.n, test.now, diff)
		}
	}
	fortnight := calendar.LastDays(14, timeOf("2026-11-22T09:00:00Z"))
	if fortnight.From.String() != "2026-11-08" || fortnight.To.String() != "2026-11-21" || len(fortnight.Days()) != 14 {
		t.Errorf("14 days are %s to %s", fortnight.From, fortnight.To)
	}
}

func TestTheEndsOfMonthsAndWeeks(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]struct{ month, week string }{
		"2026-11-22": {"2026-11-30", "2026-11-22"}, // a Sunday
		"2026-11-23": {"2026-11-30", "2026-11-29"},
		"2026-11-30": {"2026-11-30", "2026-12-06"},
		"2026-12-31": {"2026-12-31", "2027-01-03"},
		"2028-02-01": {"2028-02-29", "2028-02-06"},
	} {
		date := dateOf(day + "T00:00:00Z")
		if date.EndOfMonth().String() != want.month || date.EndOfWeek().String() != want.week {
			t.Errorf("%s: the month ends on %s, the week on %s", day, date.EndOfMonth(), date.EndOfWeek())
		}
	}
}

func TestASentenceNamesTheFirstOfManyDays(t *testing.T) {
	t.Parallel()
	days := calendar.Range{From: 20_000, To: 20_005}.Days()
	for n, want := range map[int]string{
		0: "",
		1: "2024-10-04",
		4: "2024-10-04, 2024-10-05, 2024-10-06, 2024-10-07",
		5: "2024-10-04, 2024-10-05, 2024-10-06, 2024-10-07 and 1 more",
		6: "2024-10-04, 2024-10-05, 2024-10-06, 2024-10-07 and 2 more",
	} {
		if got := calendar.ListDates(days[:n]); got != want {
			t.Errorf("%d days are %q", n, got)
		}
	}
}

func TestDaysLeftAreWholeDays(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for left, want := range map[time.Duration]int{
		-48 * time.Hour: 0, -time.Second: 0, 0: 0, 24*time.Hour - time.Second: 0, 24 * time.Hour: 1, 48*time.Hour - time.Second: 1, 240 * time.Hour: 10,
	} {
		if got := calendar.DaysLeft(now.Add(left), now); got != want {
			t.Errorf("%d days are left of %s, want %d", got, left, want)
		}
	}
	if got := calendar.DaysLeft(time.Date(9999, 11, 22, 9, 0, 0, 0, time.UTC), now); got != 2_912_078 {
		t.Errorf("%d days are left until the year 9999", got)
	}
}
