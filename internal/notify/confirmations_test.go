package notify_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/notify"
)

// lookups counts the lookups. Each says that everybody has confirmed.
type lookups struct {
	asked int
	fails error
}

func (l *lookups) Confirmations(_ context.Context, _ connector.Ref, emails []string) ([]connector.Recipient, error) {
	l.asked++
	var all []connector.Recipient
	for _, email := range emails {
		all = append(all, connector.Recipient{Email: email, State: connector.RecipientConfirmed})
	}
	return all, l.fails
}

func TestRecipientsAreLookedUpOnceInFiveMinutes(t *testing.T) {
	t.Parallel()
	post, now := &lookups{}, noon
	confirmations := notify.NewConfirmations(post, func() time.Time { return now })
	one, two := connector.Ref{Tenant: "acme", ID: connector.NewID()}, connector.Ref{Tenant: "acme-2", ID: connector.NewID()}
	list := []string{"a@example.com"}
	for i, step := range []struct {
		ref    connector.Ref
		emails []string
		after  time.Duration
		fails  error
		asked  int
	}{
		{one, list, 0, nil, 1},
		{one, list, 4 * time.Minute, nil, 1},
		{one, list, 59 * time.Second, nil, 1},
		{two, list, 0, nil, 2},
		{one, []string{"a@example.com", "b@example.com"}, 0, nil, 3}, // the list is another one
		{one, list, 5 * time.Minute, errors.New("throttled"), 4},
		{one, list, 0, nil, 5}, // a failure is not cached
		{one, list, 0, nil, 5},
	} {
		now, post.fails = now.Add(step.after), step.fails
		got, err := confirmations.Confirmations(t.Context(), step.ref, step.emails)
		if !errors.Is(err, step.fails) || len(got) != len(step.emails) || got[len(got)-1].Email != step.emails[len(got)-1] {
			t.Errorf("step %d: got %v, %v", i, got, err)
		}
		if post.asked != step.asked {
			t.Errorf("step %d: SNS was called %d times", i, post.asked)
		}
		got[0].State = "spoiled" // the slice belongs to the caller, who may change it
	}
}
