package githubsim

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// codeLives is how long the code of a registration is valid.
const codeLives = time.Hour

// registration is an App registered from a manifest whose key was not fetched yet.
type registration struct {
	app     App
	owner   string
	key     string // PEM
	expires time.Time
}

// manifest is what GitHub reads of a posted manifest.
type manifest struct {
	Name        string            `json:"name"`
	URL         string            `json:"url"`
	RedirectURL string            `json:"redirect_url"`
	Public      bool              `json:"public"`
	Permissions map[string]string `json:"default_permissions"`
	Webhook     struct {
		URL    string `json:"url"`
		Active *bool  `json:"active"` // left out: active
	} `json:"hook_attributes"`
}

// readManifest returns a posted manifest. refused says what GitHub would object to.
func readManifest(r *http.Request) (m manifest, refused string) {
	r.Body = http.MaxBytesReader(nil, r.Body, 1<<16)
	if json.Unmarshal([]byte(r.PostFormValue("manifest")), &m) != nil {
		return m, "The manifest is not JSON."
	}
	m.Name = cmp.Or(r.PostFormValue("name"), m.Name)
	back, err := url.Parse(m.RedirectURL)
	switch {
	case m.Name == "" || len(m.Name) > 34:
		return m, "The name must have 1 to 34 letters."
	case m.URL == "":
		return m, "The App needs an address of its own."
	case err != nil || back.Scheme != "http" && back.Scheme != "https" || back.Host == "":
		return m, "The redirect_url is no address."
	case m.Webhook.Active == nil || *m.Webhook.Active:
		return m, "This simulation sends no events."
	}
	return m, ""
}

// registerPage shows the App to be registered, with the button that registers it.
func (s *Server) registerPage(w http.ResponseWriter, r *http.Request) {
	account := s.world.Load().account(Organization, r.PathValue("slug"))
	m, refused := readManifest(r)
	switch {
	case account == nil:
		showMessage(w, http.StatusNotFound, "There is no organization of this name, or you are no owner of it.")
	case refused != "":
		showMessage(w, http.StatusUnprocessableEntity, refused)
	default:
		showRegister(w, account.Slug, url.QueryEscape(r.URL.Query().Get("state")), m, r.PostFormValue("manifest"))
	}
}

// register registers the App and sends the browser back with a code.
func (s *Server) register(w http.ResponseWriter, r *http.Request) {
	m, refused := readManifest(r)
	account := s.world.Load().account(Organization, r.PathValue("slug"))
	slug := slugOf(m.Name)
	switch _, taken := s.appBySlug(slug); {
	case account == nil:
		refused = "There is no organization of this name, or you are no owner of it."
	case taken:
		refused = "Name is already in use. Go back and choose another."
	}
	if refused != "" {
		showMessage(w, http.StatusUnprocessableEntity, refused)
		return
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // the system has no random numbers
	}
	app := App{ID: entityID("app/" + slug), ClientID: "Iv23" + rand.Text()[:16], Slug: slug, Keys: []*rsa.PublicKey{&key.PublicKey}, Permissions: map[string]string{"metadata": "read"}}
	for name, level := range m.Permissions {
		app.Permissions[name] = level
	}
	s.Change(Organization, account.Slug, func(a *Account) { a.Apps = append(a.Apps, app) })
	if err := s.keepApp(app, account.Slug, false); err != nil {
		showMessage(w, http.StatusInternalServerError, "This simulation cannot keep the App: "+err.Error())
		return
	}
	code := strings.ToLower(rand.Text())
	s.mu.Lock()
	if s.registrations == nil {
		s.registrations = map[string]registration{}
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	s.registrations[code] = registration{app, account.Slug, string(text), s.now().Add(codeLives)}
	s.mu.Unlock()
	back, _ := url.Parse(m.RedirectURL)
	query := back.Query()
	query.Set("code", code)
	query.Set("state", r.URL.Query().Get("state"))
	back.RawQuery = query.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// convert returns the key of a registered App, once for each code.
func (s *Server) convert(w http.ResponseWriter, r *http.Request) {
	code := r.PathValue("code")
	s.mu.Lock()
	made, ok := s.registrations[code]
	delete(s.registrations, code)
	s.mu.Unlock()
	if !ok || !s.now().Before(made.expires) {
		notFound.write(w)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]any{
		"id": made.app.ID, "slug": made.app.Slug, "name": made.app.Slug, "client_id": made.app.ClientID, "client_secret": strings.ToLower(rand.Text()),
		"webhook_secret": nil, "pem": made.key, "permissions": made.app.Permissions, "events": []string{},
		"owner": map[string]any{"login": made.owner, "id": entityID("organization/" + strings.ToLower(made.owner)), "type": "Organization"},
	})
}

// appBySlug returns the account that has registered the App.
func (s *Server) appBySlug(slug string) (owner *Account, ok bool) {
	for _, account := range s.world.Load().accounts {
		for _, app := range account.Apps {
			if app.Slug == slug {
				return account, true
			}
		}
	}
	return nil, false
}

// installPage shows where an App can be installed: only on the organization that has registered it, because it is not public.
func (s *Server) installPage(w http.ResponseWriter, r *http.Request) {
	owner, ok := s.appBySlug(r.PathValue("app"))
	if !ok {
		showMessage(w, http.StatusNotFound, "There is no such App.")
		return
	}
	if app, ok := s.world.Load().appOf(r.PathValue("app")); ok && app.ClientSecret != "" {
		s.connectPage(w, r, app)
		return
	}
	showInstall(w, r.PathValue("app"), owner.Slug)
}

func (s *Server) install(w http.ResponseWriter, r *http.Request) {
	owner, ok := s.appBySlug(r.PathValue("app"))
	if !ok {
		showMessage(w, http.StatusNotFound, "There is no such App.")
		return
	}
	app, _ := s.world.Load().appOf(r.PathValue("app"))
	s.Change(owner.Kind, owner.Slug, func(a *Account) { a.Installations = append(a.Installations, app.installation()) })
	if err := s.keepApp(app, owner.Slug, true); err != nil {
		showMessage(w, http.StatusInternalServerError, "This simulation cannot keep the App: "+err.Error())
		return
	}
	showMessage(w, http.StatusOK, "The App is installed on "+owner.Slug+". Go back to where you came from.")
}

var notInSlugs = regexp.MustCompile(`[^a-z0-9]+`)

func slugOf(name string) string {
	return strings.Trim(notInSlugs.ReplaceAllString(strings.ToLower(name), "-"), "-")
}
