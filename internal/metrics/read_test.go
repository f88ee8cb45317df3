package metrics_test

import (
	"bytes"
	"encoding/json"
	"fmt"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func readUsage(parts ...[]byte) (*metrics.Usage, error) {
	reader := metrics.NewAggregateReader(date)
	for _, part := range parts {
		if err := reader.ReadPart(bytes.NewReader(part)); err != nil {
			return nil, err
		}
	}
	return reader.Usage()
}

func readPeople(parts ...[]byte) (*metrics.People, error) { return readPeopleOf(date, parts...) }

func readPeopleOf(day connector.Date, parts ...[]byte) (*metrics.People, error) {
	reader := metrics.NewPeopleReader(day)
	for _, part := range parts {
		if err := reader.ReadPart(bytes.NewReader(part)); err != nil {
			return nil, err
		}
	}
	return reader.People(), nil
}

func mustRead[T any](t rapid.TB, read func(...[]byte) (T, error), parts ...[]byte) T {
	t.Helper()
	got, err := read(parts...)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// crowd is what a People tells, of the ids up to lastID.
type crowd struct {
	Active, Engaged int64
	Credits         *metrics.Credits
	LastActive      map[int64]connector.Date
}

const lastID = 40

func crowdOf(people *metrics.People) crowd {
	c := crowd{people.Active(), people.Engaged(), people.Credits(), map[int64]connector.Date{}}
	for id := range int64(lastID + 1) {
		if day, ok := people.LastActive(id); ok {
			c.LastActive[id] = day
		}
	}
	return c
}

// record is an aggregate record of the day, and userRow a person's row of it, with these fields more.
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
