package adminapi

import (
	"net/http"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/edge"
	"cloudmonitor.ai/copilot-connector/internal/lifecycle"
	"cloudmonitor.ai/copilot-connector/internal/listing"
)

// connectorsAtOnce is the number of connectors in one answer.
const connectorsAtOnce = 100

// saveConnector answers POST /connectors.
func (a API) saveConnector(w *edge.Answer, r *http.Request) *problem {
	var form connectorForm
	if p := readJSON(w, r, &form); p != nil {
		return p
	}
	request, p := form.request(a.InstallURL != "")
	if p != nil {
		return p
	}
	saved, err := a.Connectors.Lifecycle.Save(r.Context(), lifecycle.Request{Request: request, Tenant: tenant(r), NotifyEmails: distinct(form.NotifyEmails), Actor: a.Actor(r)})
	if err != nil {
		return failure(err)
	}
	w.Header().Set("Location", r.URL.Path+"/"+saved.ID)
	edge.WriteJSON(w, http.StatusCreated, "application/json", a.view(saved))
	return nil
}

// listConnectors answers GET /connectors.
func (a API) listConnectors(w *edge.Answer, r *http.Request) *problem {
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
	edge.WriteJSON(w, http.StatusOK, "application/json", answer)
	return nil
}

// connectorPlace reads the place at which a list of connectors continues. Empty means the beginning.
func (c *formCheck) connectorPlace(given string) string {
	if given == "" {
		return ""
	}
	id, err := connector.ParseID(given)
	c.require(err == nil, "next", listing.ErrNext.Error())
	return id
}

// withConnector returns an endpoint of a path below a live connector.
func (a API) withConnector(serve func(w *edge.Answer, r *http.Request, c *connector.Connector) *problem) endpoint {
	return func(w *edge.Answer, r *http.Request) *problem {
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

// showConnector answers GET /connectors/{id}. It also says which recipients have confirmed their address.
func (a API) showConnector(w *edge.Answer, r *http.Request, c *connector.Connector) *problem {
	view := a.view(c)
	if len(c.NotifyEmails) > 0 {
		recipients, err := a.Connectors.Recipients.Confirmations(r.Context(), c.Ref, c.NotifyEmails)
		if err != nil { // the connector is shown without it
			a.Log.WarnContext(r.Context(), "recipients not looked up", "tenant", c.Tenant, "connector", c.ID, "error", err)
		}
		view.Recipients = recipients
	}
	edge.WriteJSON(w, http.StatusOK, "application/json", view)
	return nil
}

// pollConnector answers POST /connectors/{id}/poll.
func (a API) pollConnector(w *edge.Answer, r *http.Request) *problem {
	c, err := a.Connectors.Lifecycle.Poll(r.Context(), ref(r), a.Actor(r))
	switch {
	case err != nil:
		return failure(err)
	case c == nil:
		return noConnector()
	}
	edge.WriteJSON(w, http.StatusAccepted, "application/json", a.view(c))
	return nil
}
