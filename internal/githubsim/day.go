package githubsim

import "time"

// day is a UTC date: the number of days since 1970-01-01. So windows of days are plain arithmetic.
type day int

func dayOf(t time.Time) day {
	return day(t.Unix() / 86_400)
}

func parseDay(s string) (day, error) {
	t, err := time.Parse(time.DateOnly, s)
	return dayOf(t), err
}

// mustDay parses a date that is written in this package.
func mustDay(s string) day {
	d, err := parseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func (d day) midnight() time.Time {
	return time.Unix(int64(d)*86_400, 0).UTC()
}

func (d day) String() string {
	return d.midnight().Format(time.DateOnly)
}

func (d day) weekend() bool {
	const thursday = 4 // 1970-01-01 was a Thursday
	weekday := (int(d) + thursday) % 7
	return weekday == int(time.Saturday) || weekday == int(time.Sunday)
}
