package platform_test

import (
	"strings"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/platform"
)

// environ sets exactly these variables of those the project reads.
func environ(t *testing.T, values map[string]string) {
	t.Helper()
	for _, name := range []string{"GITHUB_API_URL", "LISTEN", "NOW"} {
		t.Setenv(name, values[name])
	}
}

func TestNothingSetMeansTheDefaults(t *testing.T) {
	environ(t, nil)
	if got, err := platform.ReadVerifySettings(); err != nil || got != (platform.VerifySettings{}) {
		t.Errorf("verify: got %+v, %v", got, err)
	}
	if got, err := platform.ReadLocalSettings(); err != nil || got != (platform.LocalSettings{Listen: "127.0.0.1:8080"}) {
		t.Errorf("local: got %+v, %v", got, err)
	}
}

func TestWhatIsSetIsRead(t *testing.T) {
	environ(t, map[string]string{
		"GITHUB_API_URL": "https://api.github.com", "LISTEN": "[::1]:0", "NOW": "2026-11-22T10:00:00+01:00",
	})
	if got, err := platform.ReadVerifySettings(); err != nil || got.GitHubAPIURL != "https://api.github.com" {
		t.Errorf("verify: got %+v, %v", got, err)
	}
	want := platform.LocalSettings{
		Listen: "[::1]:0", GitHubAPIURL: "https://api.github.com", Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
	}
	if got, err := platform.ReadLocalSettings(); err != nil || got != want {
		t.Errorf("local: got %+v, %v", got, err)
	}
}

func TestEveryProblemIsNamedAtOnce(t *testing.T) {
	environ(t, map[string]string{"GITHUB_API_URL": "api.github.com", "LISTEN": "8080", "NOW": "yesterday"})
	_, err := platform.ReadLocalSettings()
	if err == nil {
		t.Fatal("accepted")
	}
	for _, name := range []string{"GITHUB_API_URL", "LISTEN", "NOW"} {
		if !strings.Contains(err.Error(), name+" must ") {
			t.Errorf("%s is not named in %q", name, err)
		}
	}
	if _, err := platform.ReadVerifySettings(); err == nil {
		t.Error("verify accepted a URL without a scheme")
	}
}
