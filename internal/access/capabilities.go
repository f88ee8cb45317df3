package access

import "cloudmonitor.ai/copilot-connector/internal/fault"

// Capability is one of the things that the connector reads of an account.
type Capability string

// The capabilities. The connector lives by usage; the others add to it.
const (
	Usage   Capability = "usage"   // the account's daily usage reports
	Users   Capability = "users"   // the daily per-user reports
	Seats   Capability = "seats"   // who has a seat
	Billing Capability = "billing" // what GitHub bills for AI credits
)

// Words names what is read, in a sentence.
func (c Capability) Words() string {
	return map[Capability]string{Usage: "usage reports", Users: "per-user reports", Seats: "seats", Billing: "billed AI credits"}[c]
}

// All lists the capabilities, what the connector lives by first.
func All() []Capability { return []Capability{Usage, Users, Seats, Billing} }

// Permitted says whether the token may read something.
type Permitted string

// Whether a token may read something.
const (
	OK      Permitted = "ok"
	Denied  Permitted = "denied"
	Unknown Permitted = "unknown"
)

// PermittedBy judges by how GitHub answered a request. What says nothing about permission leaves it as it was.
func PermittedBy(err error, before Permitted) Permitted {
	if fault.Granted(err) {
		return OK
	}
	if class := fault.ClassOf(err); class == fault.Denied || class == fault.Absent {
		return Denied
	}
	return before
}

// PermittedByReports judges by how GitHub answered requests for the reports of several days. One granted request
// outweighs all others. A 404 tells nothing by itself: GitHub also answers 404 for a day without a report.
func PermittedByReports(errs []error, before Permitted) Permitted {
	for _, err := range errs {
		switch capability := PermittedBy(err, before); {
		case fault.Is(err, fault.NotFound):
		case capability == OK:
			return OK
		default:
			before = capability
		}
	}
	return before
}

// Widened is a capability that was once there, and stays so however unclear a later answer is.
func (c Permitted) Widened(now Permitted) Permitted {
	if now == OK || c == "" {
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
	Usage   Permitted `json:"usage"`
	Users   Permitted `json:"users"`
	Seats   Permitted `json:"seats"`
	Billing Permitted `json:"billing"`
}

// Of returns whether the token may read one thing.
func (c Capabilities) Of(what Capability) Permitted {
	switch what {
	case Usage:
		return c.Usage
	case Users:
		return c.Users
	case Seats:
		return c.Seats
	case Billing:
		return c.Billing
	}
	return Unknown
}
