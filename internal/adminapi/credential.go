package adminapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/edge"
)

// credentialForm has the credential of a request. Exactly one of the fields must be given.
type credentialForm struct {
	Token        *string           `json:"token"`
	App          *appForm          `json:"app"`
	Installation *installationForm `json:"installation"`
}

// appForm is the customer's own GitHub App.
type appForm struct {
	ClientID   *string `json:"clientId"`
	PrivateKey *string `json:"privateKey"`
}

// installationForm is an installation of the stack's own App.
type installationForm struct {
	InstallationID json.RawMessage `json:"installationId"` // a number, or its digits as a string
	Code           *string         `json:"code"`
}

// credential reads the credential of the form. stackApp says whether the stack has an App that can be installed.
func (c *formCheck) credential(f credentialForm, stackApp bool) credential.Token {
	switch {
	case f.Installation != nil:
		c.require(stackApp, "installation", "is not taken here: this CloudMonitor has no GitHub App of its own; see github-app")
		c.require(f.Token == nil && f.App == nil, "installation", "goes without token and app: give one of them")
		return c.installation(*f.Installation)
	case f.App == nil:
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

// installerCodes matches a code of GitHub's: visible ASCII. Any other text is sent nowhere.
var installerCodes = regexp.MustCompile(`^[!-~]{1,255}$`)

// ids matches the id of an installation: a positive whole number, perhaps in quotes.
var ids = regexp.MustCompile(`^(?:[1-9][0-9]*|"[1-9][0-9]*")$`)

func (c *formCheck) installation(f installationForm) credential.Token {
	id, err := strconv.ParseInt(strings.Trim(string(f.InstallationID), `"`), 10, 64)
	switch {
	case f.InstallationID == nil:
		c.require(false, "installation.installationId", "is missing")
	case err != nil || !ids.Match(f.InstallationID):
		c.require(false, "installation.installationId", "must be the number that GitHub gives as installation_id")
	}
	if f.Code == nil {
		c.require(false, "installation.code", "is missing")
		return credential.Token{}
	}
	c.require(installerCodes.MatchString(*f.Code), "installation.code", "must be the code that GitHub gives with the installation_id, unchanged")
	return credential.NewInstallation(id, *f.Code)
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
	pasted := check.credential(form, a.InstallURL != "")
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
	}{a.InstallURL != "", orNull(a.InstallURL)})
	return nil
}
