package queue_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/queue"
)

var reasons = []connector.Reason{
	connector.ReasonDaily, connector.ReasonSaved, connector.ReasonOlder, connector.ReasonAsked, connector.ReasonResume,
}

func TestATaskIsReadAsItWasSent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		sent := connector.Task{
			Tenant:       rapid.StringMatching(`[a-z0-9][a-z0-9-]{0,62}`).Draw(rt, "tenant"),
			Connector:    rapid.StringMatching(`[a-z2-7]{20}`).Draw(rt, "connector"),
			ScheduledFor: time.Unix(rapid.Int64Range(0, 4e9).Draw(rt, "seconds"), rapid.Int64Range(0, 1e9-1).Draw(rt, "nanoseconds")).UTC(),
			Reason:       rapid.SampledFrom(reasons).Draw(rt, "reason"),
			Attempt:      rapid.IntRange(0, 100).Draw(rt, "attempt"),
			Days:         dates(rapid.SliceOfN(rapid.IntRange(1, 2932896), 0, 1000).Draw(rt, "days")),
		}
		message, err := queue.Encode(sent)
		if err != nil {
			rt.Fatal(err)
		}
		read, err := queue.Decode(message)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(sent, read); diff != "" {
			rt.Fatalf("sent and read differ:\n%s", diff)
		}
	})
}

func dates(days []int) []calendar.Date {
	var dates []calendar.Date
	for _, day := range days {
		dates = append(dates, calendar.Date(day))
	}
	return dates
}

const body = `{"tenant":"acme","connector":"aaaaaaaaaaaaaaaaaaaa","scheduledFor":"2026-11-22T03:00:00Z","reason":"daily"}`

func TestAnInvalidTaskIsRefusedAndNotRepeatedInTheError(t *testing.T) {
	if _, err := queue.Decode(body); err != nil {
		t.Fatal(err)
	}
	with := func(old, replacement string) string { return strings.Replace(body, old, replacement, 1) }
	for name, given := range map[string]string{
		"nothing":                      "",
		"not JSON":                     "canary",
		"null":                         "null",
		"a list":                       "[" + body + "]",
		"two tasks":                    body + body,
		"cut":                          body[:len(body)-1],
		"an unknown field":             with(`{`, `{"canary":1,`),
		"a token":                      with(`{`, `{"token":"ghp_canary",`),
		"no tenant":                    with(`"acme"`, `""`),
		"a path in the connector's id": with(`acme`, `canary/../x`),
		"an id of another form":        with(`aaaa"`, `CANARY"`),
		"an unknown reason":            with(`daily`, `canary`),
		"no time":                      with(`2026-11-22T03:00:00Z`, `0001-01-01T00:00:00Z`),
		"the year 0":                   with(`2026-11-22T03:00:00Z`, `0000-01-01T00:00:00+00:10`),
		"an invalid time":              with(`2026-11-22T03:00:00Z`, `canary`),
		"a negative attempt":           with(`{`, `{"attempt":-1,`),
		"an endless attempt":           with(`{`, `{"attempt":101,`),
		"an invalid day":               with(`{`, `{"days":["canary"],`),
		"a day that is null":           with(`{`, `{"days":[null],`),
		"a day before 1970":            with(`{`, `{"days":["1969-12-31"],`),
		"too many days":                with(`{`, `{"days":["2026-11-22"`+strings.Repeat(`,"2026-11-22"`, 1000)+`],`),
		"too long for a task":          body + strings.Repeat(" ", 16<<10),
		"nested too deeply":            strings.Repeat("[", 16<<10),
	} {
		t.Run(name, func(t *testing.T) {
			task, err := queue.Decode(given)
			if !fault.Is(err, fault.Internal) || strings.Contains(strings.ToLower(err.Error()), "canary") {
				t.Errorf("got %+v, %v, want code internal without the content", task, err)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(body)
	f.Add(`{"tenant":"acme","connector":"aaaaaaaaaaaaaaaaaaaa","scheduledFor":"2026-11-22T03:00:00+05:30","reason":"resume","attempt":3,"days":["2026-11-20"]}`)
	f.Fuzz(func(t *testing.T, given string) {
		task, err := queue.Decode(given)
		if err != nil {
			return
		}
		message, err := queue.Encode(task)
		if err != nil {
			t.Fatalf("read but not sent: %v", err)
		}
		again, err := queue.Decode(message)
		if diff := cmp.Diff(task, again, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Fatalf("read differently the second time: %v\n%s", err, diff)
		}
	})
}
