package adminapi

import (
	"encoding/json"
	"errors"
	"net/http"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/edge"
)

// credentialForm has the credential of a request. Exactly one of the fields must be given.
type credentialForm struct {
	Token        *string         `json:"token"`
	App          *appForm        `json:"app"`
	Installation json.RawMessage `json:"installation"`
}

// appForm is the customer's own GitHub App.
type appForm struct {
	ClientID   *string `json:"clientId"`
	PrivateKey *string `json:"privateKey"`
}

// credential reads the credential of the form.
func (c *formCheck) credential(f credentialForm) credential.Token {
	c.require(f.Installation == nil, "installation", "is not taken here: this CloudMonitor has no GitHub App of its own; see github-app")
	if f.App == nil {
		if f.Installation != nil {
			return credential.Token{}
		}
		return c.token(f.Token)
	}
	c.require(f.Token == nil, "token", "goes without app: give one of them")
	if f.App.ClientID == nil || f.App.PrivateKey == nil {
		c.require(f.App.ClientID != nil, "app.clientId", "is missing")
		c.require(f.App.PrivateKey != nil, "app.privateKey", "is missing")
		return credential.Token{}
	}
	app, err := credential.NewApp(*f.App.ClientID, *f.App.PrivateKey)
	switch {
	case errors.Is(err, credential.ErrClientID):
		c.require(false, "app.clientId", err.Error())
	case err != nil:
		c.require(false, "app.privateKey", err.Error())
	}
	return app
}

// replaceCredential answers PUT /connectors/{id}/credential.
func (a API) replaceCredential(w *edge.Answer, r *http.Request) *problem {
	var form credentialForm
	if p := readJSON(w, r, &form); p != nil {
		return p
	}
	return a.rotate(w, r, form)
}

// rotateToken answers PUT /connectors/{id}/token.
func (a API) rotateToken(w *edge.Answer, r *http.Request) *problem {
	var form struct {
		Token *string `json:"token"`
	}
	if p := readJSON(w, r, &form); p != nil {
		return p
	}
	return a.rotate(w, r, credentialForm{Token: form.Token})
}

func (a API) rotate(w *edge.Answer, r *http.Request, form credentialForm) *problem {
	var check formCheck
	pasted := check.credential(form)
	if p := check.problem(); p != nil {
		return p
	}
	rotated, err := a.Connectors.Lifecycle.Rotate(r.Context(), ref(r), pasted, a.Actor(r))
	return a.answer(w, rotated, err)
}

// stackApp answers GET /github-app. It says whether the stack has a GitHub App that customers can install.
func (a API) stackApp(w *edge.Answer, _ *http.Request) *problem {
	edge.WriteJSON(w, http.StatusOK, "application/json", struct {
		Available  bool    `json:"available"`
		InstallURL *string `json:"installUrl"`
	}{})
	return nil
}
