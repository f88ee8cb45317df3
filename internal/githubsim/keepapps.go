package githubsim

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// keptApp is an App that was registered on a page of this simulation, in the form of the file of KeepApps. It has no secret.
type keptApp struct {
	Owner       string            `json:"owner"` // the organization that has registered it
	ID          int64             `json:"id"`
	ClientID    string            `json:"clientId"`
	Slug        string            `json:"slug"`
	PublicKey   []byte            `json:"publicKey"` // PKCS #1
	Permissions map[string]string `json:"permissions"`
	Installed   bool              `json:"installed"`
}

// KeepApps keeps the Apps that people register in a file, so that a restarted simulation still knows them. It reads the file at once.
func (s *Server) KeepApps(path string) error {
	text, err := os.ReadFile(path) //nolint:gosec // the caller's own file
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		if err := s.restoreApps(text); err != nil {
			return fmt.Errorf("%s cannot be read, remove it and register your GitHub Apps again: %w", path, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.appsFile = path
	return nil
}

func (s *Server) restoreApps(text []byte) error {
	var kept []keptApp
	if err := json.Unmarshal(text, &kept); err != nil {
		return err
	}
	for _, k := range kept {
		key, err := x509.ParsePKCS1PublicKey(k.PublicKey)
		if err != nil {
			return err
		}
		if s.world.Load().account(Organization, k.Owner) == nil {
			continue // the cast of this version does not have it
		}
		app := App{ID: k.ID, ClientID: k.ClientID, Slug: k.Slug, Keys: []*rsa.PublicKey{key}, Permissions: k.Permissions}
		s.Change(Organization, k.Owner, func(a *Account) {
			a.Apps = append(a.Apps, app)
			if k.Installed {
				a.Installations = append(a.Installations, app.installation())
			}
		})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.registered = kept
	return nil
}

// keepApp notes a registered App, or that it was installed, and writes the file of KeepApps.
func (s *Server) keepApp(app App, owner string, installed bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := false
	for i := range s.registered {
		if s.registered[i].Slug == app.Slug {
			s.registered[i].Installed, known = installed, true
		}
	}
	if !known {
		s.registered = append(s.registered, keptApp{owner, app.ID, app.ClientID, app.Slug, x509.MarshalPKCS1PublicKey(app.Keys[0]), app.Permissions, installed})
	}
	if s.appsFile == "" {
		return nil
	}
	text, err := json.Marshal(s.registered)
	if err != nil {
		return err
	}
	return os.WriteFile(s.appsFile, text, 0o600)
}

// installation is the App's installation on the organization that has registered it.
func (a App) installation() Installation {
	return Installation{ID: entityID("installation/" + a.Slug), App: a.ID, Permissions: a.Permissions}
}
