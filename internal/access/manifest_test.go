package access_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

func TestANewAppAsksForExactlyThePermissionsOfTheTable(t *testing.T) {
	t.Parallel()
	manifest := access.NewManifest("octo")
	want := map[string]string{"organization_copilot_metrics": "read", "organization_copilot_seat_management": "read", "organization_administration": "read"}
	if diff := cmp.Diff(want, manifest.Permissions); diff != "" {
		t.Errorf("permissions (-want +got):\n%s", diff)
	}
	for _, what := range access.All() {
		if _, readable := access.For(copilot.Organization, "github_app", what); readable && access.AppLacks(copilot.Organization, manifest.Permissions, what) {
			t.Errorf("the App could not read %s", what)
		}
	}
	if surplus := access.AppSurplus(copilot.Organization, credential.GitHubApp, manifest.Permissions); len(surplus) > 0 {
		t.Errorf("Verify would call %s surplus", surplus)
	}
	if manifest.Public || manifest.Webhook.Active {
		t.Errorf("the App is public or gets events: %+v", manifest)
	}
}

func TestTheNameOfANewAppIsValidAtGitHub(t *testing.T) {
	t.Parallel()
	for _, organization := range []string{"a", "octo-demo", strings.Repeat("x", 39), strings.Repeat("x", 16) + "-" + strings.Repeat("y", 22), strings.Repeat("z", 100)} {
		name := access.NewManifest(organization).Name
		if len(name) > 34 || strings.HasSuffix(name, "-") || !strings.HasPrefix(name, "CloudMonitor") {
			t.Errorf("the App of %s has the name %q, want CloudMonitor… of at most 34 characters that does not end with a hyphen", organization, name)
		}
	}
}
