package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A person registers an App with the simulated GitHub. The program is killed, and the App still opens the account.
func TestARegisteredAppSurvivesARestart(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	p := launch(t, data).serves()
	_, body := ask(t, http.MethodGet, p.base+tenant+"/github-app/registration?slug=octo-app-not-installed", "")
	var page struct {
		Action   string
		Manifest map[string]any
	}
	if err := json.Unmarshal(body, &page); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	page.Manifest["redirect_url"] = p.base + "/"
	manifest, err := json.Marshal(page.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	post := func(address string, form url.Values) http.Header {
		t.Helper()
		resp, err := client.PostForm(address, form) //nolint:noctx // of the test
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		return resp.Header
	}
	back, err := url.Parse(post(strings.TrimSuffix(page.Action, "/new")+"?state=s", url.Values{"manifest": {string(manifest)}}).Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	status, body := ask(t, http.MethodPost, p.base+tenant+"/github-app/registration", `{"code":"`+back.Query().Get("code")+`"}`)
	var made struct {
		App        json.RawMessage
		Slug       string
		InstallURL string
	}
	if err := json.Unmarshal(body, &made); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	verify := `{"app":` + string(made.App) + `,"scope":"organization","slug":"octo-app-not-installed"}`
	restart := func() {
		_ = p.command.Process.Kill()
		p.ends()
		p = launch(t, data).serves()
	}

	restart() // the key is in the person's hands, and the App is not installed yet
	if _, body := ask(t, http.MethodPost, p.base+tenant+"/verify", verify); !strings.Contains(string(body), `"code":"app_not_installed"`) {
		t.Errorf("before it is installed: %.600s", body)
	}
	_, body = ask(t, http.MethodGet, p.base+tenant+"/github-app", "")
	var pages struct{ InstallURL string } // of the other App; the simulation has another port after a restart
	if err := json.Unmarshal(body, &pages); err != nil {
		t.Fatal(err)
	}
	site, _, _ := strings.Cut(pages.InstallURL, "/apps/")
	post(site+"/apps/"+made.Slug+"/installations", nil)
	restart()
	if status, body := ask(t, http.MethodPost, p.base+tenant+"/connectors", verify); status != http.StatusCreated {
		t.Errorf("Save: %d %.600s", status, body)
	}
	checkPrivate(t, data, 4) // the store, a token, and two files of the simulation
	kept, err := os.ReadFile(filepath.Join(data, appsFile))
	if err != nil || strings.Contains(string(kept), "PRIVATE") {
		t.Errorf("kept: %s, %v", kept, err)
	}
}
