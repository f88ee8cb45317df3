package verify

import (
	"fmt"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

func (e *evidence) judgeSeats() finding {
	switch {
	case e.seatsErr == nil:
		if len(e.seats) == 0 {
			return pass("Nobody has a seat.")
		}
		return pass(fmt.Sprintf("%s: %s.", seatCount(len(e.seats)), seatsByPlan(e.seats)))
	case connector.Is(e.seatsErr, connector.CodeTooMany):
		return pass(seatCount(e.seated) + ", too many to look at each of them here.")
	case e.access != nil || connector.Is(e.seatsErr, connector.CodeRateLimited):
		return skip("Not read: see the checks above.", "")
	case unreachable(e.seatsErr):
		return warn("The seats could not be read"+cause(e.seatsErr)+".", "Verify again in a few minutes. Usage is not affected.")
	case connector.Is(e.seatsErr, connector.CodePayment):
		return warn("GitHub does not list seats while it has trouble with the payment"+said(e.seatsErr)+".", "An owner settles it on the Billing & licensing page.")
	}
	return warn("The token may not list seats"+said(e.seatsErr)+", so their number, cost and idleness stay unknown.", e.seatsRemedy())
}

func (e *evidence) seatsRemedy() string {
	switch {
	case e.onEnterprise():
		return "Use a token of an enterprise owner or billing manager."
	case e.fineGrained():
		return fmt.Sprintf("Open %s, choose this token and add the organization permission \"%s\". Its owner must be an owner of %s.",
			e.tokensPage(), seatsPermission, e.request.Account.Slug)
	}
	return fmt.Sprintf("Use a token of an owner of %s: GitHub lists seats to owners only.", e.request.Account.Slug)
}

// judgeBilling never fails or warns: usage and seats do without it.
func (e *evidence) judgeBilling() finding {
	switch {
	case e.creditsErr != nil && e.access != nil:
		return skip("Not judged: see the checks above.", "")
	case e.creditsErr == nil:
		return pass("Billed amounts of AI credits can be shown.")
	case refused(e.creditsErr), connector.Is(e.creditsErr, connector.CodeNotFound):
		return skip("Not available to this token; used credits still come from the usage reports.", e.billingRemedy())
	case connector.Is(e.creditsErr, connector.CodeRateLimited):
		return skip("Not judged: see the checks above.", "")
	}
	return skip("It could not be found out"+cause(e.creditsErr)+". Used credits still come from the usage reports.", "")
}

func (e *evidence) billingRemedy() string {
	switch {
	case e.onEnterprise():
		return "Optional: add the scope manage_billing:enterprise to a token of an enterprise owner or billing manager."
	case e.fineGrained():
		return "Optional: add the organization permission \"Administration: read\". Organizations billed through an enterprise have no billing of their own."
	}
	return "Optional: add the scope manage_billing:copilot to an owner's token; mind that it could also change seats. Organizations billed through an enterprise have no billing of their own."
}

func seatCount(n int) string {
	if n == 1 {
		return "1 person has a seat"
	}
	return fmt.Sprintf("%d people have a seat", n)
}

func seatsByPlan(seats []cost.Seat) string {
	count := map[cost.Plan]int{}
	for _, seat := range seats {
		count[seat.Plan]++
	}
	var parts []string
	for _, plan := range []struct {
		plan cost.Plan
		name string
	}{
		{cost.Enterprise, "%d on Copilot Enterprise"},
		{cost.Business, "%d on Copilot Business"},
		{cost.UnknownPlan, "%d on a plan that GitHub does not name"},
	} {
		if n := count[plan.plan]; n > 0 {
			parts = append(parts, fmt.Sprintf(plan.name, n))
		}
	}
	return strings.Join(parts, ", ")
}
