package access

import (
	"cmp"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Capability is one kind of data that the connector reads from an account.
type Capability string

// The capabilities. The connector cannot work without usage; the others are optional.
const (
	Usage   Capability = "usage"   // the account's daily usage reports
	Users   Capability = "users"   // the daily per-user reports
	Seats   Capability = "seats"   // who has a seat
	Billing Capability = "billing" // what GitHub bills for AI credits

	Teams       Capability = "teams"       // the daily reports of who is in which team
	CostCenters Capability = "costCenters" // the cost centers of an enterprise
	Budgets     Capability = "budgets"     // the limits that are set for AI credits
)

// Words returns the name of the data, for a sentence.
func (c Capability) Words() string {
	return map[Capability]string{
		Usage: "usage reports", Users: "per-user reports", Seats: "seats", Billing: "billed AI credits", Teams: "user-teams reports", CostCenters: "cost centers", Budgets: "budgets",
	}[c]
}

// All lists the capabilities, usage first.
func All() []Capability {
	return []Capability{Usage, Users, Teams, Seats, Billing, CostCenters, Budgets}
}

// Permitted is whether a token has the right to read something.
type Permitted string

// The values of Permitted.
const (
	OK      Permitted = "ok"
	Denied  Permitted = "denied"
	Unknown Permitted = "unknown"
)

// PermittedBy judges by GitHub's answer to a request. It returns before if the answer says nothing about permission.
func PermittedBy(err error, before Permitted) Permitted {
	if fault.CodeOf(err).Granted() {
		return OK
	}
	if code := fault.CodeOf(err); code.Denied() || code.Absent() {
		return Denied
	}
	return before
}

// PermittedByReports judges by GitHub's answers to requests for the reports of several days. One granted request outweighs
// all others. A 404 alone proves nothing: GitHub also answers 404 for a day without a report.
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

// Widened returns OK if the token may read now, and otherwise what was known before: a right that was seen once is kept.
func (c Permitted) Widened(now Permitted) Permitted {
	if now == OK || c == "" {
		return now
	}
	return c
}

// Widened applies Permitted.Widened to each capability.
func (c Capabilities) Widened(now Capabilities) Capabilities {
	return Capabilities{
		Usage: c.Usage.Widened(now.Usage), Users: c.Users.Widened(now.Users), Seats: c.Seats.Widened(now.Seats), Billing: c.Billing.Widened(now.Billing),
		Teams: c.Teams.Widened(now.Teams), CostCenters: c.CostCenters.Widened(now.CostCenters), Budgets: c.Budgets.Widened(now.Budgets),
	}
}

// Capabilities is what a connector's token may read.
type Capabilities struct {
	Usage   Permitted `json:"usage"`
	Users   Permitted `json:"users"`
	Seats   Permitted `json:"seats"`
	Billing Permitted `json:"billing"`

	Teams       Permitted `json:"teams"`
	CostCenters Permitted `json:"costCenters"` // unknown for an organization, which has none
	Budgets     Permitted `json:"budgets"`
}

// Told returns the capabilities with unknown in the place of what was not asked yet.
func (c Capabilities) Told() Capabilities {
	c.Teams = cmp.Or(c.Teams, Unknown)
	c.CostCenters, c.Budgets = cmp.Or(c.CostCenters, Unknown), cmp.Or(c.Budgets, Unknown)
	return c
}

// Of returns the value of one capability.
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
	case Teams:
		return c.Teams
	case CostCenters:
		return c.CostCenters
	case Budgets:
		return c.Budgets
	}
	return Unknown
}
