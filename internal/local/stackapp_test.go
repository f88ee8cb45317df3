package main

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/platform"
	"cloudmonitor.ai/copilot-connector/internal/testworld"
)

func TestASecretOfTheAppThatOthersCanReadIsRefused(t *testing.T) {
	t.Parallel()
	cast := githubsim.CastStackApp()
	folder := t.TempDir()
	file := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key, secret := file("key", cast.PrivateKey, 0o600), file("secret", "s3cret-canary\n", 0o600)
	for _, test := range []struct {
		name, key, secret string
		says              string // empty: the App is taken
	}{
		{"as it should be", key, secret, ""},
		{"for reading only", file("key400", cast.PrivateKey, 0o400), secret, ""},
		{"a key for the group", file("key640", cast.PrivateKey, 0o640), secret, "chmod 600"},
		{"a key for everybody", file("key604", cast.PrivateKey, 0o604), secret, "GITHUB_APP_PRIVATE_KEY_FILE"},
		{"a secret for everybody", key, file("secret644", "s3cret-canary", 0o644), "GITHUB_APP_CLIENT_SECRET_FILE"},
		{"no key", filepath.Join(folder, "none"), secret, "GITHUB_APP_PRIVATE_KEY_FILE"},
		{"a folder", folder, secret, "is no file"},
		{"an empty key", file("empty", "", 0o600), secret, "0 bytes"},
		{"a blank secret", key, file("blank", "\n", 0o600), "empty"},
		{"a key that is none", file("noise", "s3cret-canary", 0o600), secret, "RSA private key"},
	} {
		service := testworld.Service(t, "http://127.0.0.1:1/", time.Now)
		own, err := readStackApp(platform.AppSettings{ClientID: "Iv1", Slug: "app", KeyFile: test.key, SecretFile: test.secret}, "")
		if err == nil {
			service, err = own.service(service, time.Now)
		}
		if (err == nil) != (test.says == "") || err != nil && (!strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "canary")) {
			t.Errorf("%s: %v", test.name, err)
		}
		if err == nil {
			if address, _ := service.InstallURL(); address != "https://github.com/apps/app/installations/new" {
				t.Errorf("%s: the App is installed at %s", test.name, address)
			}
		}
	}
}

var choices = regexp.MustCompile(`<a href="(\?[^"]+)">(on the [^<]+)</a>`)

// A person installs the App at the simulated GitHub, comes back with a code, and the connector is saved.
func TestTheSimulatedGitHubInstallsTheProgramsOwnApp(t *testing.T) {
	program := start(t, simulated, "NOW=2026-11-22T09:00:00Z")
	_, body := ask(t, http.MethodGet, program.base+tenant+"/github-app", "")
	var offered struct{ InstallURL string }
	if err := json.Unmarshal(body, &offered); err != nil || !strings.HasPrefix(offered.InstallURL, "http://127.0.0.1:") {
		t.Fatalf("%s, %v", body, err)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	get := func(address string) (status int, location, page string) {
		resp, err := client.Get(address) //nolint:noctx // of the test
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		text, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, resp.Header.Get("Location"), string(text)
	}
	_, _, page := get(offered.InstallURL + "?state=app.0123")
	chosen := ""
	for _, choice := range choices.FindAllStringSubmatch(page, -1) {
		if strings.Contains(choice[2], "octo-connect, as octo-owner") {
			chosen = html.UnescapeString(choice[1])
		}
	}
	status, location, _ := get(strings.TrimSuffix(offered.InstallURL, "?") + chosen)
	back, err := url.Parse(location)
	if err != nil || status != http.StatusFound || !strings.HasPrefix(back.String(), program.base+"/?") || back.Query().Get("state") != "app.0123" {
		t.Fatalf("%d, back to %s", status, location)
	}
	form := `{"installation":{"installationId":"` + back.Query().Get("installation_id") + `","code":"` + back.Query().Get("code") + `"}}`
	if status, body := ask(t, http.MethodPost, program.base+tenant+"/connectors", form); status != http.StatusCreated || !strings.Contains(string(body), `"slug":"octo-connect"`) {
		t.Errorf("Save: %d %.300s", status, body)
	}
}
