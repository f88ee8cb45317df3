package githubsim

import (
	"crypto/rsa"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// App is a GitHub App. The account that lists it has registered it.
type App struct {
	ID       int64
	ClientID string
	Slug     string

	ClientSecret string // proves the App when it exchanges an installer's code; empty: no code can be exchanged

	Keys        []*rsa.PublicKey  // public keys of its private keys; none: GitHub does not know a key yet
	Permissions map[string]string // the permissions it asks for, such as organization_copilot_metrics: read
}

// Installation is a GitHub App installed on the account that lists it.
type Installation struct {
	ID          int64
	App         int64             // the App's ID
	Permissions map[string]string // what an owner has accepted; further permissions that the App asks for are waiting
	Suspended   time.Time         // zero: not suspended
}

// installed is an account's installation, with the account.
type installed struct {
	Installation
	account *Account
}

func (w *world) app(issuer string) (App, bool) {
	for _, account := range w.accounts {
		for _, app := range account.Apps {
			if issuer == app.ClientID || issuer == strconv.FormatInt(app.ID, 10) {
				return app, true
			}
		}
	}
	return App{}, false
}

func (w *world) installation(id int64) (installed, bool) {
	for _, account := range w.accounts {
		for _, i := range account.Installations {
			if i.ID == id {
				return installed{i, account}, true
			}
		}
	}
	return installed{}, false
}

// asApp passes on requests with a JWT that an App has signed.
func (s *Server) asApp(answer func(http.ResponseWriter, *http.Request, App)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		app, refused := s.world.Load().signer(bearer(r), s.now())
		if refused != nil {
			refused.write(w)
			return
		}
		s.quota.charge(w.Header(), "app/"+app.Slug, s.now(), r.URL.Path)
		answer(w, r, app)
	}
}

func (s *Server) theApp(w http.ResponseWriter, _ *http.Request, app App) {
	account, ok := s.appBySlug(app.Slug)
	if !ok { // it was deleted a moment ago
		notFound.write(w)
		return
	}
	owner := map[string]any{"id": account.id(), "slug": account.Slug, "name": account.Slug} // an enterprise has no login
	if account.Kind == Organization {
		owner = map[string]any{"id": account.id(), "login": account.Slug, "type": "Organization"}
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"id": app.ID, "client_id": app.ClientID, "slug": app.Slug, "name": app.Slug, "permissions": app.Permissions, "events": []string{},
		"owner": owner, "html_url": "https://github.com/apps/" + app.Slug,
	})
}

// installationOn answers for the App's installation on the account of a kind in the path.
func (s *Server) installationOn(kind Kind) http.HandlerFunc {
	return s.asApp(func(w http.ResponseWriter, r *http.Request, app App) {
		world := s.world.Load()
		account := world.account(kind, r.PathValue("slug"))
		if account == nil {
			s.moved(w, r, kind)
			return
		}
		for _, i := range account.Installations {
			if i.App == app.ID {
				writeJSON(w, http.StatusOK, installed{i, account}.answer(app))
				return
			}
		}
		notFound.write(w)
	})
}

// ofApp passes on requests for an installation of the App that asks.
func (s *Server) ofApp(answer func(http.ResponseWriter, *http.Request, App, installed)) http.HandlerFunc {
	return s.asApp(func(w http.ResponseWriter, r *http.Request, app App) {
		id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
		i, ok := s.world.Load().installation(id)
		if !ok || i.App != app.ID {
			notFound.write(w)
			return
		}
		answer(w, r, app, i)
	})
}

func (s *Server) installationByID(w http.ResponseWriter, _ *http.Request, app App, i installed) {
	writeJSON(w, http.StatusOK, i.answer(app))
}

func (i installed) answer(app App) map[string]any {
	name := i.account.Slug
	// An enterprise has a slug and no login.
	account, target, page := map[string]any{"id": i.account.id(), "slug": name, "name": name}, "Enterprise", "enterprises/"+name
	if i.account.Kind == Organization {
		account = map[string]any{"id": i.account.id(), "login": name, "type": "Organization"}
		target, page = "Organization", "organizations/"+name
	}
	var suspended *time.Time
	if !i.Suspended.IsZero() {
		suspended = &i.Suspended
	}
	return map[string]any{
		"id": i.ID, "account": account, "target_type": target, "target_id": account["id"], "app_id": app.ID, "app_slug": app.Slug, "client_id": app.ClientID,
		"permissions": i.Permissions, "suspended_at": suspended, "html_url": "https://github.com/" + page + "/settings/installations/" + strconv.FormatInt(i.ID, 10),
	}
}

func cloneApps(apps []App) []App {
	apps = slices.Clone(apps)
	for i := range apps {
		apps[i].Keys, apps[i].Permissions = slices.Clone(apps[i].Keys), maps.Clone(apps[i].Permissions)
	}
	return apps
}

func cloneInstallations(installations []Installation) []Installation {
	installations = slices.Clone(installations)
	for i := range installations {
		installations[i].Permissions = maps.Clone(installations[i].Permissions)
	}
	return installations
}
