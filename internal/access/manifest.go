package access

import (
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// Manifest describes a GitHub App that an organization registers for itself, in the form that GitHub takes. The App may read what
// the connector can use and nothing else, nobody else can install it, and GitHub sends it no events.
type Manifest struct {
	Name    string `json:"name"` // unique on GitHub; the person may change it there
	URL     string `json:"url"`
	Webhook struct {
		URL    string `json:"url"` // GitHub requires one, active or not
		Active bool   `json:"active"`
	} `json:"hook_attributes"`
	Public      bool              `json:"public"`
	Permissions map[string]string `json:"default_permissions"`
}

// homepage is shown on GitHub's page of the App.
const homepage = "https://cloudmonitor.ai"

// NewManifest returns the manifest of an App that reads an organization.
func NewManifest(organization string) Manifest {
	m := Manifest{Name: appName(organization), URL: homepage, Permissions: map[string]string{}}
	m.Webhook.URL = homepage
	for _, need := range Needed(copilot.Organization, credential.GitHubApp, true) {
		m.Permissions[need.Key] = "read"
	}
	return m
}

// maxAppName is the longest name that GitHub takes for an App.
const maxAppName = 34

func appName(organization string) string {
	name := "CloudMonitor for " + organization
	return strings.TrimRight(name[:min(len(name), maxAppName)], "-")
}

// RegisterPage returns GitHub's page on which an organization registers an App from a manifest. website is GitHub's own address,
// such as https://github.com. For enterprises GitHub documents no such page.
func RegisterPage(website, organization string) string {
	return website + "/organizations/" + organization + "/settings/apps/new"
}

// InstallPage returns GitHub's page on which an App of that slug is installed.
func InstallPage(website, slug string) string {
	return website + "/apps/" + slug + "/installations/new"
}
