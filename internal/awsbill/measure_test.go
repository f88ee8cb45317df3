package awsbill_test

import (
	"flag"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

var update = flag.Bool("update", false, "write what the benchmark measures to testdata, and the table of docs/OPERATIONS.md anew")

// gitHubAnswers is the time that GitHub is assumed to take for an API call and for the first byte of a download.
const gitHubAnswers = 400 * time.Millisecond

// figures are the works of one connector with so many people.
type figures struct {
	Measured  string `json:"measured"` // the date of the measurement
	People    int    `json:"people"`
	Save      work   `json:"save"`      // once
	Backfill  work   `json:"backfill"`  // once, of a year
	Polls     work   `json:"polls"`     // in a week
	Reminders work   `json:"reminders"` // in a week without a reminder
	Reminder  work   `json:"reminder"`  // on a day with a reminder
	Reads     work   `json:"reads"`     // the Admin App shows everything of a connector once
	DayBytes  int    `json:"dayBytes"`  // of all that the table keeps of a day, and of a month, divided by its days
}

// The story: a connector is saved on a Thursday, and there is a year of days to read. After three weeks nothing changes any
// more except by daily work, and one week is measured from Monday to Sunday.
var (
	saved   = time.Date(2026, 10, 15, 9, 0, 0, 0, time.UTC)
	begins  = time.Date(2026, 11, 9, 6, 0, 0, 0, time.UTC)
	expires = begins.AddDate(0, 0, 7+15)
)

// measure runs the story, with or without a year of days. Its times mean something only if GitHub has a latency.
func measure(tb testing.TB, people int, latency time.Duration, backfill func(copilot.Scope, calendar.Date) *connector.Backfill) figures {
	tb.Helper()
	s := newStack(tb, people, saved, expires, backfill)
	f := figures{Measured: time.Now().UTC().Format(time.DateOnly), People: people}

	s.gitHub.SetLatency(latency)
	f.Save = s.measured(s.save)
	s.gitHub.SetLatency(0)
	f.Backfill = s.measured(s.collect)
	for day := saved.Truncate(24*time.Hour).AddDate(0, 0, 1).Add(6 * time.Hour); day.Before(begins); day = day.AddDate(0, 0, 1) {
		s.poll(day)
	}
	s.measured(func() {})

	s.gitHub.SetLatency(latency)
	for day := range 7 {
		six := begins.AddDate(0, 0, day)
		f.Polls = f.Polls.plus(s.measured(func() { s.poll(six) }))
		f.Reminders = f.Reminders.plus(s.measured(func() { s.remind(six.Add(time.Hour)) }))
	}
	f.Reads = s.measured(s.read)
	f.DayBytes = s.dayBytes()
	f.Reminder = s.measured(func() { s.remind(begins.AddDate(0, 0, 7).Add(time.Hour)) })
	return f
}

// measured does something and returns what it asked for.
func (s *stack) measured(do func()) work {
	s.meter.taken()
	s.gitHub.ResetCalls()
	logged, cpu, began := s.logged(), testworld.CPU(s.tb), time.Now()
	do()
	took := time.Since(began).Seconds()
	w := s.meter.taken()
	w.CPUSeconds = round((testworld.CPU(s.tb) - cpu).Seconds())
	w.WaitSeconds = max(0, round(took-w.CPUSeconds))
	w.LogBytes = s.logged() - logged
	w.GitHubCalls = len(s.gitHub.Calls())
	return w
}

func round(seconds float64) float64 { return math.Round(seconds*1000) / 1000 }

func (s *stack) logged() int {
	info, err := s.log.Stat()
	must(s.tb, err)
	return int(info.Size())
}

// itemOverhead is the number of bytes that DynamoDB charges for each item beside its own bytes.
const itemOverhead = 100

// dayBytes returns how many bytes the table holds for a day, from the days before the week, and from the month before them.
func (s *stack) dayBytes() int {
	days, bytes, monthly := map[string]bool{}, 0, 0
	pages := dynamodb.NewScanPaginator(s.tables, &dynamodb.ScanInput{TableName: &s.table})
	for pages.HasMorePages() {
		page, err := pages.NextPage(s.tb.Context())
		must(s.tb, err)
		for _, item := range page.Items {
			kind, rest, _ := strings.Cut(item["sk"].(*types.AttributeValueMemberS).Value, "#")
			date, _, _ := strings.Cut(rest, "#")
			switch _, expires := item["ttl"]; {
			case expires || kind == "audit":
			case date == settled[:len("2006-01")]:
				monthly += sizeOf(item) + itemOverhead
			case settled <= date && date < begins.Format(time.DateOnly):
				days[date] = true
				bytes += sizeOf(item) + itemOverhead
			}
		}
	}
	return bytes/len(days) + monthly/31
}

// settled is the Monday two weeks before the week. Days from then on were polled, and are final.
var settled = begins.AddDate(0, 0, -14).Format(time.DateOnly)

func sizeOf(item map[string]types.AttributeValue) (bytes int) {
	for name, value := range item {
		bytes += len(name)
		switch v := value.(type) {
		case *types.AttributeValueMemberS:
			bytes += len(v.Value)
		case *types.AttributeValueMemberB:
			bytes += len(v.Value)
		case *types.AttributeValueMemberN:
			bytes += len(v.Value)/2 + 2
		}
	}
	return bytes
}
