package access

import (
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// form describes how a person makes a credential of one kind.
type form struct {
	kind credential.Kind
	name string // the kind's name: classic, fine-grained
	path string // path of the page that lists a person's tokens; path + "/new" is the form for a new one
	set  string // what the person chooses besides the grants; %s stands for the account's name
}

var forms = []form{
	{kind: credential.ClassicPAT, name: "classic", path: "settings/tokens"},
	{kind: credential.FineGrainedPAT, name: "fine-grained", path: "settings/personal-access-tokens", set: "%s as resource owner and "},
}

func formOf(kind credential.Kind) form {
	at := slices.IndexFunc(forms, func(f form) bool { return f.kind == kind })
	return forms[max(0, at)]
}

// Named returns the name of a kind with its article: "a classic personal access token".
func Named(kind credential.Kind) string { return "a " + formOf(kind).name + " personal access token" }

// ListPage returns GitHub's page that lists a person's credentials of a kind.
func ListPage(kind credential.Kind, host string) Link {
	f := formOf(kind)
	return Link{"The " + f.name + " tokens that you have", fmt.Sprintf("https://%s/%s", host, f.path)}
}

// FormPage returns GitHub's page on which a person makes a credential of a kind.
func FormPage(kind credential.Kind, host string) Link {
	f := formOf(kind)
	return Link{"A new " + f.name + " token", fmt.Sprintf("https://%s/%s/new", host, f.path)}
}

// Wanted is the token that somebody should make.
type Wanted struct {
	Account copilot.Account
	Kind    credential.Kind // empty: any kind that can read the account
	Billing bool            // the token should read the bill too
	MaxDays int             // the longest lifetime that the owners allow; 0: no limit is known
}

// Instructions returns advice that says who makes the token, where, with which grants, and where to paste it.
func (w Wanted) Instructions() Advice {
	var ways []Advice
	var unfit string
	var who string
	for _, f := range forms {
		right, ok := For(w.Account.Scope, f.kind, Usage)
		switch {
		case !ok:
			unfit += fmt.Sprintf(" %s tokens cannot read %s.", strings.ToUpper(f.name[:1])+f.name[1:], w.Account.Scope.Article())
		case w.Kind == "" || w.Kind == f.kind:
			who = right.Of.Who
			ways = append(ways, w.way(f))
		}
	}
	return Advise("An %s of %s makes a new personal access token, to expire in %s, and pastes it here: %s.%s",
		who, w.Account.Slug, w.expiry(), Together(", or ", ways...), unfit)
}

func (w Wanted) way(f form) Advice {
	set := f.set
	if set != "" {
		set = fmt.Sprintf(set, w.Account.Slug)
	}
	return Advise("a %s one at %s with %s%s", f.name, FormPage(f.kind, w.Account.Host), set, Needed(w.Account.Scope, f.kind, w.Billing))
}

// usualDays is the longest lifetime that we recommend: a leaked token works until it expires.
const usualDays = 90

func (w Wanted) expiry() string {
	switch {
	case w.MaxDays == 0:
		return fmt.Sprintf("%d days or less", usualDays)
	case w.MaxDays == 1:
		return "at most 1 day"
	case w.MaxDays > usualDays:
		return fmt.Sprintf("at most %d days, better in %d or less", w.MaxDays, usualDays)
	}
	return fmt.Sprintf("at most %d days", w.MaxDays)
}

// Takes names the credentials that give a capability on accounts of the scope, for a sentence: "a classic personal access
// token of an owner with the scope read:org".
func Takes(scope copilot.Scope, what Capability) string {
	var ways []string
	for _, f := range forms {
		right, ok := For(scope, f.kind, what)
		if !ok {
			continue
		}
		way := fmt.Sprintf("a %s personal access token of an %s with %s", f.name, right.Of.Who, Needs{{Grant: right.Least}})
		if right.Least.CouldAlso != "" {
			way += ", which could also " + right.Least.CouldAlso
		}
		ways = append(ways, way)
	}
	return strings.Join(ways, ", or ")
}
