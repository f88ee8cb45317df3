package metrics_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func readUsage(parts ...[]byte) (*metrics.Usage, error) {
	reader := metrics.NewAggregateReader(date, metrics.Owner{})
	for _, part := range parts {
		if err := reader.ReadPart(bytes.NewReader(part)); err != nil {
			return nil, err
		}
	}
	return reader.Usage()
}

func readRoster(parts ...[]byte) (*metrics.Roster, error) { return readRosterOf(date, parts...) }

func readRosterOf(day calendar.Date, parts ...[]byte) (*metrics.Roster, error) {
	roster := new(metrics.Roster)
	reader := metrics.NewUsersReader(day, metrics.Owner{}, roster.Add)
	for _, part := range parts {
		if err := reader.ReadPart(bytes.NewReader(part)); err != nil {
			return nil, err
		}
	}
	return roster, nil
}

func mustRead[T any](t rapid.TB, read func(...[]byte) (T, error), parts ...[]byte) T {
	t.Helper()
	got, err := read(parts...)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// everybody lists the people in the roster by id.
func everybody(t rapid.TB, roster *metrics.Roster) (users []metrics.UserDay) {
	t.Helper()
	pages, _ := roster.Pages()
	for _, page := range pages {
		users = append(users, readPage(t, page)...)
	}
	slices.SortFunc(users, func(a, b metrics.UserDay) int { return cmp.Compare(a.UserID, b.UserID) })
	return users
}

func readPage(t rapid.TB, page []byte) (users []metrics.UserDay) {
	t.Helper()
	err := metrics.ReadPage(page, func(u *metrics.UserDay) error {
		users = append(users, *u)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return users
}

// record returns an aggregate record of the day with further fields. userRow returns a person's row with further fields.
func record(fields string) []byte {
	return []byte(`{"day":"` + date.String() + `",` + fields + "}\n")
}

func userRow(id int64, fields string) []byte {
	return fmt.Appendf(nil, `{"user_id":%d,"user_login":"u%d","day":"%s",%s}`+"\n", id, id, date, fields)
}

func asJSON(t rapid.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
