package connector_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
)

func TestAnIDHasTheFormOfNewID(t *testing.T) {
	t.Parallel()
	id := connector.NewID()
	if got, err := connector.ParseID(id); err != nil || got != id || id == connector.NewID() {
		t.Errorf("%q is read as %q: %v", id, got, err)
	}
	for _, wrong := range []string{"", id[1:], id + "a", strings.ToUpper(id[:19]) + "A", id[:19] + "1", id[:19] + "8", id[:19] + "-", id[:18] + "é"} {
		if got, err := connector.ParseID(wrong); err == nil || got != "" {
			t.Errorf("%q is read as %q", wrong, got)
		}
	}
}

func TestATenantsNameHasTheFormOfAHostName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a", "0", "acme", "acme-2", "acme-", "9lives", strings.Repeat("a", 63)} {
		if got, err := connector.ParseTenant(name); err != nil || got != name {
			t.Errorf("%q is read as %q: %v", name, got, err)
		}
	}
	for _, wrong := range []string{"", "-", "-acme", "Acme", "acme_2", "acme/2", "acme ", "é", strings.Repeat("a", 64)} {
		if got, err := connector.ParseTenant(wrong); err == nil || got != "" {
			t.Errorf("%q is read as %q", wrong, got)
		}
	}
}

func TestATokenWithoutAnExpiryMustBeReplacedAfterNinetyDays(t *testing.T) {
	t.Parallel()
	rotated := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	expires := rotated.AddDate(0, 0, 7)
	if at, byPolicy := (connector.Credential{RotatedAt: rotated, ExpiresAt: &expires}).Expiry(); !at.Equal(expires) || byPolicy {
		t.Errorf("a token with an expiry must be replaced at %s, by policy: %v", at, byPolicy)
	}
	if at, byPolicy := (connector.Credential{RotatedAt: rotated}).Expiry(); !at.Equal(rotated.AddDate(0, 0, 90)) || !byPolicy {
		t.Errorf("a token without an expiry must be replaced at %s, by policy: %v", at, byPolicy)
	}
}

func TestOnlyDaysThatFailAreUnreadable(t *testing.T) {
	t.Parallel()
	progress := connector.Progress{Retries: []connector.Retry{
		{Date: 20_000, Reason: connector.RetryUnreadable},
		{Date: 20_001, Reason: connector.RetryShort},
		{Date: 20_002, Reason: connector.RetryAbsent},
		{Date: 20_003, Reason: connector.RetryUnreadable},
	}}
	if diff := cmp.Diff([]calendar.Date{20_000, 20_003}, progress.Unreadable()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
