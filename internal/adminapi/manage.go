package adminapi

import (
	"encoding/json"
	"net/http"
	"regexp"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/listing"
	"cloudmonitor.ai/copilot-connector/internal/privacy"
)

// changeConnector answers PATCH /connectors/{id}. Fields that are left out stay as they are.
func (a API) changeConnector(w *edge.Answer, r *http.Request) *problem {
	var form struct {
		NotifyEmails  *[]string       `json:"notifyEmails"`
		IdleAfterDays *int            `json:"idleAfterDays"`
		Prices        json.RawMessage `json:"prices"`
		People        *string         `json:"people"`

		KeepPeopleDays json.RawMessage `json:"keepPeopleDays"`
	}
	if p := readJSON(w, r, &form, "keepPeopleDays"); p != nil {
		return p
	}
	var check formCheck
	if form.NotifyEmails != nil {
		check.emails(*form.NotifyEmails)
		*form.NotifyEmails = distinct(*form.NotifyEmails)
	}
	if form.IdleAfterDays != nil {
		check.idleAfterDays(*form.IdleAfterDays)
	}
	changes := lifecycle.Changes{
		NotifyEmails: form.NotifyEmails, IdleAfterDays: form.IdleAfterDays, Prices: check.prices(form.Prices),
		KeepPeopleDays: check.keepPeopleDays(form.KeepPeopleDays),
	}
	if form.People != nil {
		changes.People = new(parse(&check, "people", form.People, privacy.ParseMode))
	}
	if p := check.problem(); p != nil {
		return p
	}
	changed, err := a.Connectors.Lifecycle.Change(r.Context(), ref(r), changes, a.Actor(r))
	return a.answer(w, changed, err)
}

// answer shows a connector after a change. A nil connector does not exist.
func (a API) answer(w http.ResponseWriter, c *connector.Connector, err error) *problem {
	switch {
	case err != nil:
		return failure(err)
	case c == nil:
		return noConnector()
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", a.view(c))
	return nil
}

// deleteConnector answers DELETE /connectors/{id}.
func (a API) deleteConnector(w *edge.Answer, r *http.Request) *problem {
	found, err := a.Connectors.Lifecycle.Delete(r.Context(), ref(r), a.Actor(r))
	switch {
	case err != nil:
		return failure(err)
	case !found:
		return noConnector()
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// eventsAtOnce is the number of events in one answer.
const eventsAtOnce = 100

// showAudit answers GET /connectors/{id}/audit.
func (a API) showAudit(w *edge.Answer, r *http.Request, c *connector.Connector) *problem {
	var check formCheck
	place := check.auditPlace(r.URL.Query().Get("next"))
	if p := check.problem(); p != nil {
		return p
	}
	events, next, err := a.Connectors.Store.Audit(r.Context(), c.Ref, place, eventsAtOnce)
	if err != nil {
		return failure(err)
	}
	type eventView struct {
		At     time.Time    `json:"at"`
		Actor  string       `json:"actor"`
		Action audit.Action `json:"action"`
		Detail string       `json:"detail"`
	}
	answer := struct {
		Events []eventView `json:"events"`
		Next   *string     `json:"next"`
	}{Events: []eventView{}, Next: orNull(next)}
	for _, event := range events {
		answer.Events = append(answer.Events, eventView{event.At, event.Actor, event.Action, c.Veil().Text(event.Detail)})
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

var auditPlacePattern = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{18}Z#[a-z2-7]{20}$`)

// auditPlace reads the place at which a list of events continues. Empty means the beginning.
func (c *formCheck) auditPlace(given string) string {
	c.require(given == "" || auditPlacePattern.MatchString(given), "next", listing.ErrNext.Error())
	return given
}
