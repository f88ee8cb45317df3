package copilot

import (
	"fmt"
	"strings"
	"unicode"
)

// ParseName reads what a person enters as the name of an account: the name itself, or the address of its page, such as
// https://github.com/my-org or github.com/enterprises/my-ent. In the account it returns, Host and Scope are empty unless
// the address says them. The reason it returns never repeats what was given.
func ParseName(given string) (Account, error) {
	given = strings.TrimFunc(given, isBlank)
	host, path, isAddress := cutAddress(given)
	if !isAddress {
		slug, err := ParseSlug(given)
		return Account{Slug: slug}, err
	}
	scope, name := cutPath(path)
	slug, err := ParseSlug(name)
	if err != nil {
		return Account{}, fmt.Errorf("must be the name, or the address of the account's page: https://%s/NAME or https://%[1]s/enterprises/NAME", host)
	}
	return Account{Host: host, Scope: scope, Slug: slug}, nil
}

// isBlank leaves line breaks out: what holds one is not a name.
func isBlank(r rune) bool { return r == '\t' || unicode.Is(unicode.Zs, r) }

// cutAddress splits the address of a page of GitHub's. ok is false for anything else.
func cutAddress(given string) (host, path string, ok bool) {
	rest := given
	if scheme, after, found := strings.Cut(given, "://"); found {
		if !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http") {
			return "", "", false
		}
		rest = after
	}
	name, path, found := strings.Cut(rest, "/")
	if !found || name == "" {
		return "", "", false
	}
	host, err := ParseHost(strings.TrimPrefix(strings.ToLower(name), "www."))
	return host, path, err == nil
}

// cutPath finds the name in the path of an account's page. Only the pages of an organization's or enterprise's own, which
// may lie deeper, say the scope.
func cutPath(path string) (scope Scope, name string) {
	if end := strings.IndexAny(path, "?#"); end >= 0 {
		path = path[:end]
	}
	first, rest, deeper := strings.Cut(strings.TrimSuffix(path, "/"), "/")
	switch first {
	case "orgs", "organizations":
		scope = Organization
	case "enterprises":
		scope = Enterprise
	default:
		if deeper {
			return "", "" // such as a repository
		}
		return "", first
	}
	name, _, _ = strings.Cut(rest, "/")
	return scope, name
}
