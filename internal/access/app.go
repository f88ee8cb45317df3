package access

import (
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// Members is a permission. An installation of the stack's App needs it to read the owners of an organization.
const Members = "members"

// AppReads returns the permissions for a token of the installation: read for everything that is granted and needed.
func AppReads(scope copilot.Scope, granted map[string]string) map[string]string {
	reads := map[string]string{}
	for _, right := range Rights {
		if right.Scope != scope || right.Kind != credential.GitHubApp {
			continue
		}
		for _, grant := range append([]Grant{right.Least}, right.Also...) {
			if grant.Key != "" && granted[grant.Key] != "" {
				reads[grant.Key] = "read"
				break
			}
		}
	}
	return reads
}

// AppLacks reports whether none of the permissions gives the capability.
func AppLacks(scope copilot.Scope, granted map[string]string, what Capability) bool {
	right, ok := For(scope, credential.GitHubApp, what)
	if !ok {
		return true
	}
	for _, grant := range append([]Grant{right.Least}, right.Also...) {
		if grant.Key == "" || granted[grant.Key] != "" { // a permission whose key is not known may be among them
			return false
		}
	}
	return true
}

// appNeeds reports whether a permission of a GitHub App of the kind is useful for accounts of the scope. GitHub does not document the key
// of the permission for an enterprise's seats. So every key that contains copilot and seat or license counts as this permission.
func appNeeds(scope copilot.Scope, kind credential.Kind, permission string) bool {
	switch {
	case permission == "metadata": // GitHub grants it to every App
		return true
	case permission == Members && kind == credential.GitHubAppInstallation && scope == copilot.Organization:
		return true
	}
	if scope == copilot.Enterprise && strings.HasPrefix(permission, "enterprise_copilot_") && (strings.Contains(permission, "seat") || strings.Contains(permission, "license")) {
		return true
	}
	return len(AppReads(scope, map[string]string{permission: "read"})) > 0
}

// records is the permission to read people's prompts. A connector must not hold it.
var records = Grant{Name: "Enterprise Copilot usage records", Key: "enterprise_copilot_usage"}

// AppSurplus lists the permissions of a GitHub App that are not needed, with their level unless it is read. The permission to read
// people's prompts comes first.
func AppSurplus(scope copilot.Scope, kind credential.Kind, granted map[string]string) (names []string) {
	for name, level := range granted {
		switch {
		case level != "read":
			names = append(names, name+" ("+level+")")
		case !appNeeds(scope, kind, name):
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if ofRecords := strings.HasPrefix(a, records.Key); ofRecords != strings.HasPrefix(b, records.Key) {
			return map[bool]int{true: -1, false: 1}[ofRecords]
		}
		return strings.Compare(a, b)
	})
	return names
}

// AppSettings returns the page of an App's settings or, if GitHub did not tell it, the list of the account's Apps.
func AppSettings(account copilot.Account, app *credential.Installation) Link {
	if app != nil && app.Settings != "" {
		return Link{"The App's settings", app.Settings}
	}
	return Link{"The GitHub Apps of the account", fmt.Sprintf("https://%s/%ss/%s/settings/apps", account.Host, account.Scope, account.Slug)}
}
