package deployed_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/emftest"
)

type widget struct {
	Type                string
	X, Y, Width, Height int
	Properties          struct {
		Title   string
		Period  int
		Alarms  []string
		Metrics [][]json.RawMessage
		Query   string
	}
}

// columns is the width of a dashboard.
const columns = 24

func dashboard(t *testing.T, stack resources) []widget {
	t.Helper()
	dashboards := propertiesOf[struct{ DashboardBody string }](t, stack, "AWS::CloudWatch::Dashboard")
	var body struct{ Widgets []widget }
	decode(t, []byte(dashboards["Dashboard"].DashboardBody), &body)
	return body.Widgets
}

func TestTheDashboardShowsEveryAlarmAndOnlyExistingMetrics(t *testing.T) {
	counted := emitted(t)
	for name, parameters := range parameterSets {
		t.Run(name, func(t *testing.T) {
			stack, shown := declared(t, parameters), map[string]bool{}
			for _, widget := range dashboard(t, stack) {
				for _, alarm := range widget.Properties.Alarms {
					shown[alarm] = true
				}
				for _, row := range widget.Properties.Metrics {
					widget.asks(t, row).exists(t, "dashboard, "+widget.Properties.Title, stack, counted)
				}
			}
			for id := range propertiesOf[alarm](t, stack, "AWS::CloudWatch::Alarm") {
				if arn := "${" + id + ".Arn}"; !shown[arn] {
					t.Errorf("the dashboard does not show %s", id)
				} else {
					delete(shown, arn)
				}
			}
			if len(shown) > 0 {
				t.Errorf("the dashboard shows alarms that do not exist: %v", shown)
			}
		})
	}
}

var search = regexp.MustCompile(`^SEARCH\('\{(\w+),stack,code\} MetricName="(\w+)" stack="([^"]+)"', 'Sum', (\d+)\)$`)

// asks returns the metric of a row of a widget. The row has the namespace, the name, the dimensions, and how to show it.
func (w widget) asks(t *testing.T, row []json.RawMessage) metric {
	t.Helper()
	var expression struct{ Expression string }
	if json.Unmarshal(row[0], &expression) == nil {
		match := search.FindStringSubmatch(expression.Expression)
		if match == nil || match[4] != fmt.Sprint(w.Properties.Period) {
			t.Fatalf("%s: want a search for a metric with a code, in the widget's period; got %s", w.Properties.Title, expression.Expression)
		}
		found := metric{Namespace: match[1], MetricName: match[2]}
		found.Dimensions = append(found.Dimensions, dimension{"stack", match[3]}, dimension{Name: "code"})
		return found
	}
	var words []string
	for _, raw := range row {
		var word string
		if json.Unmarshal(raw, &word) == nil {
			words = append(words, word)
		}
	}
	if len(words)%2 != 0 {
		t.Fatalf("%s: %s is not a metric with dimensions", w.Properties.Title, row)
	}
	asked := metric{Namespace: words[0], MetricName: words[1]}
	for i := 2; i < len(words); i += 2 {
		asked.Dimensions = append(asked.Dimensions, dimension{words[i], words[i+1]})
	}
	return asked
}

func TestNoWidgetOfTheDashboardHidesAnother(t *testing.T) {
	taken := map[[2]int]string{}
	for _, widget := range dashboard(t, declared(t, parameterSets["with everything"])) {
		if widget.X < 0 || widget.Y < 0 || widget.Width < 1 || widget.Height < 1 || widget.X+widget.Width > columns {
			t.Errorf("%s is not on the dashboard", widget.Properties.Title)
		}
		for x := widget.X; x < widget.X+widget.Width; x++ {
			for y := widget.Y; y < widget.Y+widget.Height; y++ {
				if other, ok := taken[[2]int{x, y}]; ok {
					t.Fatalf("%s hides %s", widget.Properties.Title, other)
				}
				taken[[2]int{x, y}] = widget.Properties.Title
			}
		}
	}
}

var polls = regexp.MustCompile(`^SOURCE '([^']+)' \| filter message = 'polled' and (\w+) != '(\w+)' \| fields @timestamp, ([\w, ]+) \|`)

// knows fails the test unless the dashboard's log query names the log of collect and fields of the line that collect logs
// after a poll. The line in this test is of a poll that ended well, so the query must leave it out.
func (s *stack) knows(collected string) {
	s.t.Helper()
	var polled map[string]any
	for _, line := range emftest.Lines(s.t, collected) {
		if line.Members["message"] == "polled" {
			polled = line.Members
		}
	}
	log := propertiesOf[function](s.t, s.resources, "AWS::Lambda::Function")["CollectFunction"].LoggingConfig.LogGroup
	for _, widget := range dashboard(s.t, s.resources) {
		if widget.Type != "log" {
			continue
		}
		query := polls.FindStringSubmatch(widget.Properties.Query)
		if query == nil || query[1] != log || polled[query[2]] != query[3] {
			s.t.Fatalf("%s: the query must leave out successful polls from %s: %s", widget.Properties.Title, log, widget.Properties.Query)
		}
		for _, member := range strings.Split(query[4], ", ") {
			if _, ok := polled[member]; !ok {
				s.t.Errorf("%s: the log line of a poll has no %q: %v", widget.Properties.Title, member, polled)
			}
		}
	}
}
