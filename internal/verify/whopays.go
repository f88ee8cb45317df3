package verify

import (
	"errors"
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// teams returns the finding whether GitHub shows the members of teams. A report that does not exist yet is not a refusal.
func (v *verdict) teams() finding {
	switch {
	case v.teamsErr == nil:
		return pass("GitHub's user-teams report shows the members of teams.")
	case v.cause != causeNone:
		return v.blocked()
	case errors.Is(v.teamsErr, errNotAsked):
		return notJudged("Not asked: no usage report came in time.")
	case fault.CodeOf(v.teamsErr).Granted():
		return pass("This token may read the user-teams reports. GitHub has none for the newest day yet.")
	}
	return v.optional(access.Teams, v.teamsErr)
}

// organizations returns the finding whether the bill of an enterprise can be divided.
func (v *verdict) organizations() finding {
	switch {
	case !v.onEnterprise():
		return finding{status: Pass, code: CodeOK, title: "The bill is that of one organization", detail: "Only an enterprise's bill is divided further."}
	case v.cause != causeNone:
		return v.blocked()
	case v.creditsErr != nil:
		return v.optional(access.Billing, v.creditsErr)
	case v.centersErr != nil:
		return v.optional(access.CostCenters, v.centersErr)
	case v.divided.Name == "":
		return notJudged("No seat names the organization that grants it, so none was asked for.")
	case v.dividedErr != nil:
		f := v.optional(access.Billing, v.dividedErr)
		f.detail = fmt.Sprintf("Of the organization %s: %s", v.divided.Name, f.detail)
		return f
	}
	return pass(fmt.Sprintf("GitHub shows the bill of the organization %s, and %s.", v.divided.Name, counted(len(v.centers), "cost center")))
}

// budgetList returns the finding which budgets limit AI credits.
func (v *verdict) budgetList() finding {
	if v.budgetsErr != nil {
		return v.optional(access.Budgets, v.budgetsErr)
	}
	stopping := 0
	for _, budget := range v.budgets {
		if budget.Stops != nil && *budget.Stops {
			stopping++
		}
	}
	switch {
	case len(v.budgets) == 0:
		return pass("There is no budget for AI credits: nothing stops spending beyond the pool.")
	case stopping == 0:
		return pass(fmt.Sprintf("GitHub shows %s for AI credits, and none stops spending.", counted(len(v.budgets), "budget")))
	}
	stop := "stop"
	if stopping == 1 {
		stop = "stops"
	}
	return pass(fmt.Sprintf("GitHub shows %s for AI credits. %d of them %s further spending.", counted(len(v.budgets), "budget"), stopping, stop))
}
