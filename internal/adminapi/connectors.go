package adminapi

import (
	"net/http"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
)

// connectorsAtOnce is how many connectors one answer lists.
const connectorsAtOnce = 100

// saveConnector answers POST /connectors.
func (a API) saveConnector(w http.ResponseWriter, r *http.Request) *problem {
	var form connectorForm
	if p := readJSON(w, r, &form); p != nil {
		return p
	}
	request, p := form.request()
	if p != nil {
		return p
	}
	saved, err := a.Connectors.Lifecycle.Save(r.Context(), lifecycle.Request{Request: request, Tenant: tenant(r), NotifyEmails: form.NotifyEmails})
	if err != nil {
		return failure(err)
	}
	w.Header().Set("Location", r.URL.Path+"/"+saved.ID)
	writeJSON(w, http.StatusCreated, "application/json", a.view(saved))
	return nil
}

// listConnectors answers GET /connectors.
func (a API) listConnectors(w http.ResponseWriter, r *http.Request) *problem {
	var c formCheck
	after := c.connectorPlace(r.URL.Query().Get("next"))
	if p := c.problem(); p != nil {
		return p
	}
	list, next, err := a.Connectors.Store.Connectors(r.Context(), tenant(r), after, connectorsAtOnce)
	if err != nil {
		return failure(err)
	}
	answer := struct {
		Connectors []connectorView `json:"connectors"`
		Next       *string         `json:"next"`
	}{Connectors: make([]connectorView, len(list))}
	for i := range list {
		answer.Connectors[i] = a.view(&list[i])
	}
	if next != "" {
		answer.Next = &next
	}
	writeJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

// withConnector serves a path of a live connector.
func (a API) withConnector(serve func(w http.ResponseWriter, r *http.Request, c *connector.Connector) *problem) endpoint {
	return func(w http.ResponseWriter, r *http.Request) *problem {
		c, err := a.Connectors.Store.Connector(r.Context(), ref(r))
		switch {
		case err != nil:
			return failure(err)
		case c == nil || c.Phase != connector.Live:
			return noConnector()
		}
		return serve(w, r, c)
	}
}

func ref(r *http.Request) connector.Ref {
	return connector.Ref{Tenant: tenant(r), ID: r.PathValue("id")}
}

func noConnector() *problem {
	return newProblem(http.StatusNotFound, "not_found", "The tenant has no connector with this id.")
}

func (a API) showConnector(w http.ResponseWriter, _ *http.Request, c *connector.Connector) *problem {
	writeJSON(w, http.StatusOK, "application/json", a.view(c))
	return nil
}

// pollConnector answers POST /connectors/{id}/poll.
func (a API) pollConnector(w http.ResponseWriter, r *http.Request) *problem {
	c, err := a.Connectors.Lifecycle.Poll(r.Context(), ref(r))
	switch {
	case err != nil:
		return failure(err)
	case c == nil:
		return noConnector()
	}
	writeJSON(w, http.StatusAccepted, "application/json", a.view(c))
	return nil
}

// connectorView is a connector as the Admin App sees it.
type connectorView struct {
	ID             string                 `json:"id"`
	Tenant         string                 `json:"tenant"`
	Provider       string                 `json:"provider"`
	Host           string                 `json:"host"`
	Scope          connector.Scope        `json:"scope"`
	Slug           string                 `json:"slug"`
	Plan           connector.Plan         `json:"plan"`
	Status         connector.Status       `json:"status"`
	StatusReason   *string                `json:"statusReason"`
	IdleAfterDays  int                    `json:"idleAfterDays"`
	NotifyEmails   []string               `json:"notifyEmails"`
	Credential     credentialView         `json:"credential"`
	Capabilities   connector.Capabilities `json:"capabilities"`
	FirstDay       *connector.Date        `json:"firstDay"`
	LatestFinalDay *connector.Date        `json:"latestFinalDay"`
	LastPoll       *pollView              `json:"lastPoll"`
	CreatedAt      time.Time              `json:"createdAt"`
	UpdatedAt      time.Time              `json:"updatedAt"`
}

type credentialView struct {
	Kind         connector.TokenKind `json:"kind"`
	Login        *string             `json:"login"`
	Scopes       []string            `json:"scopes"` // nil when GitHub names none, as for fine-grained tokens
	ExpiresAt    time.Time           `json:"expiresAt"`
	ExpirySource string              `json:"expirySource"`
	DaysLeft     int                 `json:"daysLeft"`
	Fingerprint  string              `json:"fingerprint"`
	RotatedAt    time.Time           `json:"rotatedAt"`
}

type pollView struct {
	At          time.Time         `json:"at"`
	Outcome     connector.Outcome `json:"outcome"`
	DaysUpdated int               `json:"daysUpdated"`
	Detail      string            `json:"detail"`
}

func (a API) view(c *connector.Connector) connectorView {
	view := connectorView{
		ID: c.ID, Tenant: c.Tenant, Provider: "github_copilot",
		Host: c.Host, Scope: c.Scope, Slug: c.Slug, Plan: c.Plan,
		Status: c.Status, StatusReason: orNull(c.StatusReason),
		IdleAfterDays: c.IdleAfterDays, NotifyEmails: c.NotifyEmails,
		Credential:   credentialOf(c.Credential, a.Now()),
		Capabilities: c.Capabilities,
		FirstDay:     c.FirstDay, LatestFinalDay: c.LatestFinalDay,
		CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
	if view.NotifyEmails == nil {
		view.NotifyEmails = []string{}
	}
	if p := c.LastPoll; p != nil {
		view.LastPoll = &pollView{At: p.At, Outcome: p.Outcome, DaysUpdated: p.DaysUpdated, Detail: p.Detail}
	}
	return view
}

func credentialOf(c connector.Credential, now time.Time) credentialView {
	expiresAt, byPolicy := c.Expiry()
	view := credentialView{
		Kind: c.Kind, Login: orNull(c.Login), Scopes: c.Scopes,
		ExpiresAt: expiresAt, ExpirySource: "github", DaysLeft: connector.DaysLeft(expiresAt, now),
		Fingerprint: c.Fingerprint, RotatedAt: c.RotatedAt,
	}
	if byPolicy {
		view.ExpirySource = "policy"
	}
	return view
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
