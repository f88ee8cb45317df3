package connector

import (
	"encoding/json"
	"time"
)

// Ref names a connector. Nothing of one tenant is reachable under another.
type Ref struct {
	Tenant string `json:"tenant"`
	ID     string `json:"id"` // as NewID makes them
}

// Connector is an account whose Copilot is read every day for a tenant. It is stored by the names in the tags.
type Connector struct {
	Ref
	Account
	Plan Plan `json:"plan"`

	Phase        Phase  `json:"phase"`
	Status       Status `json:"status"`
	StatusReason string `json:"statusReason,omitempty"` // what happened and what to do, for people; empty while all is well

	IdleAfterDays int             `json:"idleAfterDays"`
	Prices        json.RawMessage `json:"prices,omitempty"` // agreed prices, as package cost reads them
	NotifyEmails  []string        `json:"notifyEmails"`

	Credential   Credential   `json:"credential"`
	Capabilities Capabilities `json:"capabilities"`
	Granted      Capabilities `json:"granted"` // what the token was ever seen to read

	FirstDay       *Date     `json:"firstDay,omitempty"`       // the oldest day with numbers
	LatestFinalDay *Date     `json:"latestFinalDay,omitempty"` // the newest day that is final
	LookedThrough  *Date     `json:"lookedThrough,omitempty"`  // the newest day of the last poll that looked at all its days
	Backfill       *Backfill `json:"backfill,omitempty"`       // nil: every older day was looked at
	Unread         []Date    `json:"unread,omitempty"`         // reports that could not be read whole, to be tried at each poll
	BillsFinal     *Date     `json:"billsFinal,omitempty"`     // in the newest month of which, as of all before, the final bill was read
	LastPoll       *Poll     `json:"lastPoll,omitempty"`
	PollAskedAt    time.Time `json:"pollAskedAt,omitzero"` // when somebody last asked for a poll

	Stopped     StopKind `json:"stopped,omitempty"`     // people know that it does not work; empty: it does
	ToldMissing []Date   `json:"toldMissing,omitempty"` // people know that these days will not come
	Notices     []Notice `json:"notices,omitempty"`     // not sent yet, oldest first

	Events []Event `json:"-"` // what was done to it, to be stored with its next write

	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"` // when a person changed it last
}

// Phase is how far a connector has come between Save and Delete. Only a live one is shown or polled; one that a crash
// left in another phase is cleared away by the next poll.
type Phase string

// The phases. The connector is stored before its token and goes after it, so that no token is ever alone.
const (
	Saving   Phase = "saving" // the token may or may not be in the vault
	Live     Phase = "live"
	Deleting Phase = "deleting" // the token may or may not be gone
)

// StopKind is what keeps a connector from working until somebody does something about it.
type StopKind string

// The kinds of stops.
const (
	StoppedToken   StopKind = "token"   // GitHub refuses the token, or there is none
	StoppedReports StopKind = "reports" // GitHub hands out no reports: policy, role, sign-on, account
)

// Status says how a connector fares.
type Status string

// The statuses.
const (
	StatusBackfilling Status = "backfilling" // saved lately, its first days are being read
	StatusActive      Status = "active"
	StatusDegraded    Status = "degraded" // some part fails, the rest goes on
	StatusExpired     Status = "expired"  // GitHub refuses the token
)

// Credential is what is known of a connector's token; never the token.
type Credential struct {
	Kind        TokenKind  `json:"kind"`
	Login       string     `json:"login"`
	Scopes      []string   `json:"scopes"`              // nil when GitHub names none, as for fine-grained tokens
	ExpiresAt   *time.Time `json:"expiresAt,omitempty"` // by GitHub's header; nil: it names none
	Fingerprint string     `json:"fingerprint"`

	// ExpiryUnreadable says that GitHub names an expiry in a form that is not understood.
	ExpiryUnreadable bool `json:"expiryUnreadable,omitempty"`

	RotatedAt time.Time `json:"rotatedAt"` // when the token was pasted
}

// rotationPolicy is how long a token without an expiry is used before a new one is asked for.
const rotationPolicy = 90 * 24 * time.Hour

// Expiry is when the token expires or should be replaced. byPolicy says that it is ours: GitHub names none.
func (c Credential) Expiry() (at time.Time, byPolicy bool) {
	if c.ExpiresAt != nil {
		return *c.ExpiresAt, false
	}
	return c.RotatedAt.Add(rotationPolicy), true
}

// DaysLeft counts whole periods of 24 hours until an instant, 0 once it has come.
func DaysLeft(until, now time.Time) int { return max(0, int(until.Sub(now)/(24*time.Hour))) }

// Capability says whether the token may read something.
type Capability string

// The capabilities' values.
const (
	CapabilityOK      Capability = "ok"
	CapabilityDenied  Capability = "denied"
	CapabilityUnknown Capability = "unknown"
)

// CapabilityOf judges by how GitHub answered a request. What says nothing about permission leaves it as it was.
func CapabilityOf(err error, before Capability) Capability {
	switch CodeOf(err) {
	case "", CodeNoReport, CodeTooMany, CodeReportBroken:
		return CapabilityOK
	case CodeTokenRules, CodeSSORequired, CodeSSOPartial, CodePolicyOff, CodePermission, CodeNotPrivileged, CodeRefused, CodeNotFound:
		return CapabilityDenied
	}
	return before
}

// CapabilityOfReports judges by how GitHub answered requests for the reports of several days. One that was granted counts
// more than one that was not, and a 404 may be either: it also says that a day has no report.
func CapabilityOfReports(errs []error, before Capability) Capability {
	for _, err := range errs {
		switch capability := CapabilityOf(err, before); {
		case Is(err, CodeNotFound):
		case capability == CapabilityOK:
			return CapabilityOK
		default:
			before = capability
		}
	}
	return before
}

// Widened is a capability that was once there, and stays so however unclear a later answer is.
func (c Capability) Widened(now Capability) Capability {
	if now == CapabilityOK || c == "" {
		return now
	}
	return c
}

// Widened adds what a token is seen to read now.
func (c Capabilities) Widened(now Capabilities) Capabilities {
	return Capabilities{
		Usage: c.Usage.Widened(now.Usage), Users: c.Users.Widened(now.Users), Seats: c.Seats.Widened(now.Seats), Billing: c.Billing.Widened(now.Billing),
	}
}

// Capabilities is what a connector's token may read.
type Capabilities struct {
	Usage   Capability `json:"usage"`
	Users   Capability `json:"users"`
	Seats   Capability `json:"seats"`
	Billing Capability `json:"billing"`
}

// Backfill is how far the older days have been read, newest first.
type Backfill struct {
	Next      Date      `json:"next"`               // the next day to look at
	Last      Date      `json:"last"`               // the oldest that GitHub can have
	SteppedAt time.Time `json:"steppedAt,omitzero"` // when it moved on last; zero: it has not begun
}

// Outcome says how a poll ended.
type Outcome string

// The outcomes.
const (
	OutcomeOK      Outcome = "ok"
	OutcomePartial Outcome = "partial" // some part could not be read; the next poll tries again
	OutcomeFailed  Outcome = "failed"  // nothing could be read
)

// Poll is how the last poll of a connector ended.
type Poll struct {
	At           time.Time `json:"at"`
	ScheduledFor time.Time `json:"scheduledFor"`
	Outcome      Outcome   `json:"outcome"`
	DaysUpdated  int       `json:"daysUpdated"`
	Detail       string    `json:"detail"`
}
