package adminapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
)

// notRecomputed lists the figures that do not change when a person is removed.
var notRecomputed = []string{
	"The totals of days still count the person: active and engaged users, suggestions, credits and what teams did.",
	"Seats of days before stay, with their team and cost, without the person.",
	"GitHub's bill of AI credits and its record of each day name nobody, and stay.",
	"Distinct people of a range of days no longer count the person, so they may be fewer than on one of its days.",
	"Copies of the table for recovery, and files that were exported, still have the person.",
}

// forgetPerson answers DELETE /connectors/{id}/people/{person}. The answer does not tell whether there was such a person.
func (a API) forgetPerson(w *edge.Answer, r *http.Request) *problem {
	var check formCheck
	person := parse(&check, "person", new(r.PathValue("person")), privacy.ParseReference)
	if p := check.problem(); p != nil {
		return p
	}
	c, err := a.Connectors.Lifecycle.Forget(r.Context(), ref(r), person, a.Actor(r))
	switch {
	case errors.Is(err, lifecycle.ErrForgetsTooMany):
		return newProblem(http.StatusConflict, "forgets_too_many", err.Error())
	case err != nil:
		return failure(err)
	case c == nil:
		return noConnector()
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", map[string][]string{"notRecomputed": notRecomputed})
	return nil
}

// keepPeopleDays reads for how many days people are kept. nil: not given. 0: as long as the deployment keeps them.
func (c *formCheck) keepPeopleDays(given json.RawMessage) *int {
	if given == nil {
		return nil
	}
	if string(given) == "null" {
		return new(0)
	}
	days, err := strconv.Atoi(string(given))
	c.require(err == nil && days >= 1 && days <= maxDaysShown, "keepPeopleDays", "must be a whole number from 1 to 366, or null for all")
	return &days
}
