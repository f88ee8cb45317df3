package poll

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

func TestDaysUnreadableForOneReasonAreToldOnceInOneNotice(t *testing.T) {
	t.Parallel()
	unreadable := func(date calendar.Date, tries int) connector.Retry {
		return connector.Retry{Date: date, Reason: connector.RetryUnreadable, Tries: tries}
	}
	for name, test := range map[string]struct {
		retries []connector.Retry
		want    []calendar.Date
	}{
		"none":                             {},
		"tried too seldom":                 {[]connector.Retry{unreadable(1, 2), unreadable(2, 1)}, nil},
		"tried often enough":               {[]connector.Retry{unreadable(1, 3)}, []calendar.Date{1}},
		"one of them was tried less often": {[]connector.Retry{unreadable(1, 2), unreadable(2, 3), unreadable(3, 1)}, []calendar.Date{1, 2}},
		"missing people do not count":      {[]connector.Retry{{Date: 1, Reason: connector.RetryShort, Tries: 3}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := &judging{after: connector.Connector{Progress: connector.Progress{Retries: test.retries}}}
			if diff := cmp.Diff(test.want, j.newlyUnreadable()); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
			if again := j.newlyUnreadable(); again != nil {
				t.Errorf("a second notice of %v", again)
			}
		})
	}
}
