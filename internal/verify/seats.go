package verify

import (
	"fmt"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

func (v *verdict) seatList() finding {
	switch {
	case v.seatsErr == nil && v.seated == 0 && len(v.seats) == 0 && v.cause == causeNone:
		return warn(CodeNoSeats, "Nobody has a seat", "Nobody has a seat.", v.subscribe())
	case v.seatsErr == nil:
		return pass(v.seatsListed())
	case fault.Is(v.seatsErr, fault.TooMany):
		until := "is not known before the connector is saved and its first poll is over."
		if v.seated > SeatsPolled {
			until = fmt.Sprintf("stays unknown: polls list %d at most.", SeatsPolled)
		}
		return pass(seatCount(v.seated) + " by GitHub's count, too many to list here: how many are idle, never used or given up, and " +
			"what they cost, " + until)
	case v.seatsListPartial():
		return warn(Code(fault.SSOPartial), "Not all seats are shown",
			"GitHub leaves organizations out of the list until single sign-on is authorised, so the seats are not shown.",
			access.Advise("See the check on single sign-on."))
	case v.cause != causeNone || fault.Is(v.seatsErr, fault.RateLimited):
		return v.blocked()
	case v.seated > 0:
		return warn(codeOf(v.seatsErr), "Not all seats could be listed",
			fmt.Sprintf("%s, but they could not all be listed%s. How many are idle is unknown.", seatCount(v.seated), why(v.seatsErr)),
			access.Advise("%s Usage is not affected.", v.remedyFor(v.seatsErr, access.Seats)))
	}
	f := v.unshown(access.Seats, v.seatsErr)
	f.status = Warn
	return f
}

// seatsListed says how many seats are listed and how many are not. People who were removed are billed until the cycle ends.
func (v *verdict) seatsListed() string {
	switch {
	case v.seated == 0 && len(v.seats) == 0:
		return "Nobody has a seat."
	case len(v.seats) == 0:
		return fmt.Sprintf("%s by GitHub's count, but it lists none.", seatCount(v.seated))
	}
	listed := fmt.Sprintf("%s: %s.", seatsHeld(v.seats), seatsByPlan(v.seats))
	if n := v.notListed(); n > 0 {
		return fmt.Sprintf("%s GitHub announces %d more that it does not list.", listed, n)
	}
	return listed
}

func seatCount(n int) string {
	if n == 1 {
		return "1 person has a seat"
	}
	return fmt.Sprintf("%d people have a seat", n)
}

// seatsHeld returns the number of people with a seat, in words.
func seatsHeld(seats []seat.Seat) string {
	untaken := 0
	for _, seat := range seats {
		if seat.UserID == nil {
			untaken++
		}
	}
	switch {
	case untaken == 0:
		return seatCount(len(seats))
	case len(seats) == 1:
		return "1 seat, which nobody has taken yet"
	}
	return fmt.Sprintf("%d seats, of which nobody has taken %d yet", len(seats), untaken)
}

func seatsByPlan(seats []seat.Seat) string {
	count := map[copilot.Plan]int{}
	for _, seat := range seats {
		count[seat.Plan]++
	}
	var parts []string
	for _, plan := range []struct {
		plan copilot.Plan
		name string
	}{
		{copilot.PlanEnterprise, "%d on Copilot Enterprise"},
		{copilot.PlanBusiness, "%d on Copilot Business"},
		{copilot.PlanUnknown, "%d on a plan that GitHub does not name, or whose price is not known"},
	} {
		if n := count[plan.plan]; n > 0 {
			parts = append(parts, fmt.Sprintf(plan.name, n))
		}
	}
	return strings.Join(parts, ", ")
}
