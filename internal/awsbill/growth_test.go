package awsbill_test

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/collect/poll"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// nothing plans no backfill: the connector reads only a month of days.
func nothing(copilot.Scope, calendar.Date) *connector.Backfill { return nil }

// tolerance allows for differences in how days are packed and in the order of concurrent calls.
const tolerance = 1.05

func TestAConnectorAsksNoMoreThanTheManualSays(t *testing.T) {
	said := readMeasured(t)[0]
	got := measure(t, said.People, 0, nothing)
	for _, c := range []struct {
		what      string
		said, got work
	}{
		{"Save", said.Save, got.Save},
		{"a week of polls", said.Polls, got.Polls},
		{"a week of reminders", said.Reminders, got.Reminders},
		{"a day with a notice", said.Reminder, got.Reminder},
		{"reading", said.Reads, got.Reads},
	} {
		said := c.said.counts()
		for name, n := range c.got.counts() {
			if n > tolerance*said[name] {
				t.Errorf("%s: %g %s; %s has %g", c.what, n, name, measuredFile, said[name])
			}
		}
	}
	if float64(got.DayBytes) > tolerance*float64(said.DayBytes) {
		t.Errorf("a day keeps %d bytes; %s has %d", got.DayBytes, measuredFile, said.DayBytes)
	}
}

// counts returns the figures that do not depend on the machine.
func (w work) counts() map[string]float64 {
	all := map[string]float64{
		"runs": float64(w.Runs), "units written": w.WriteUnits, "units read": w.ReadUnits, "calls of GitHub": float64(w.GitHubCalls),
		"bytes logged": float64(w.LogBytes), "bytes answered": float64(w.AnswerBytes),
	}
	for action, n := range w.Calls {
		all[action] = float64(n)
	}
	return all
}

// BenchmarkConnector measures the figures that the bill is computed from. Those of the manual are printed beside.
func BenchmarkConnector(b *testing.B) {
	measured, said := []figures{{People: 500}, {People: 5000}}, readMeasured(b)
	for i := range measured {
		f := &measured[i]
		b.Run(strconv.Itoa(f.People)+" people", func(b *testing.B) {
			for b.Loop() {
				*f = measure(b, f.People, gitHubAnswers, poll.NewBackfill)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(f.Backfill.WriteUnits, "WRU/backfill")
			b.ReportMetric(f.Polls.WriteUnits/7, "WRU/day")
			b.ReportMetric(said[i].Polls.WriteUnits/7, "WRU/day-in-manual")
			b.ReportMetric(f.Polls.ReadUnits/7, "RRU/day")
			b.ReportMetric(said[i].Polls.ReadUnits/7, "RRU/day-in-manual")
			b.ReportMetric(f.Polls.all()/7, "calls/day")
			b.ReportMetric(float64(f.Polls.GitHubCalls)/7, "GitHub-calls/day")
			b.ReportMetric(f.Polls.WaitSeconds/7, "wait-s/run")
			b.ReportMetric(f.Polls.CPUSeconds/7, "CPU-s/run")
			b.ReportMetric(f.Reads.ReadUnits, "RRU/reading")
			b.ReportMetric(said[i].Reads.ReadUnits, "RRU/reading-in-manual")
			b.ReportMetric(float64(f.DayBytes)/float64(f.People), "B-kept/user-day")
		})
	}
	if !*update {
		return
	}
	text, err := json.MarshalIndent(measured, "", "  ")
	must(b, err)
	must(b, os.WriteFile(measuredFile, append(text, '\n'), 0o600))
}
