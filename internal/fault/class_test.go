package fault_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// classes has the class of every code and its consequences: granted, whether the answer shows that the token may read the data;
// ends, whether every further request would fail in the same way; and the letters of its finer properties.
var classes = []struct {
	code          fault.Code
	class         string
	granted, ends bool
	finer         string
}{
	{fault.NotPAT, "denied", false, true, ""},
	{fault.TokenRules, "denied", false, true, "fo"},
	{fault.TokenLifetime, "denied", false, true, "fo"},
	{fault.Suspended, "denied", false, true, "f"},
	{fault.IPRefused, "denied", false, true, "f"},
	{fault.Renamed, "denied", false, true, "f"},
	{fault.SSORequired, "denied", false, true, "fa"},
	{fault.SSOPartial, "denied", false, false, ""},
	{fault.PolicyOff, "denied", false, true, "fa"},
	{fault.Permission, "denied", false, true, "fr"},
	{fault.NotPrivileged, "denied", false, true, "far"},
	{fault.Refused, "denied", false, true, "f"},
	{fault.Unreachable, "transient", false, false, ""},
	{fault.NotGitHub, "transient", false, false, ""},
	{fault.RateLimited, "transient", false, true, ""},
	{fault.ReportHost, "transient", false, false, ""},
	{fault.ReportCut, "transient", false, false, "l"},
	{fault.NotFound, "absent", false, false, "r"},
	{fault.NoReport, "absent", true, false, "a"},
	{fault.LinkAbsent, "absent", true, false, ""},
	{fault.TokenRefused, "gone", false, true, "f"},
	{fault.KeyRefused, "gone", false, true, "f"},
	{fault.AppSuspended, "gone", false, true, "f"},
	{fault.NotInstalled, "gone", false, true, "f"},
	{fault.ClockWrong, "transient", false, true, ""},
	{fault.Waiting, "denied", false, true, "fr"},
	{fault.CodeRefused, "denied", false, true, "f"},
	{fault.NotInstallers, "denied", false, true, "f"},
	{fault.NotOwner, "denied", false, true, "f"},
	{fault.Elsewhere, "denied", false, true, "f"},
	{fault.NoToken, "gone", false, true, ""},
	{fault.LinkRefused, "gone", false, false, "l"},
	{fault.ReportChanged, "gone", false, false, ""},
	{fault.ReportBroken, "unusable", true, false, ""},
	{fault.LinkUnknown, "unusable", true, false, ""},
	{fault.TooMany, "unusable", true, false, ""},
	{fault.Payment, "unusable", false, false, ""},
	{fault.Unexpected, "unusable", false, false, ""},
	{fault.OtherAccount, "unusable", false, false, ""},
	{fault.Unconfirmed, "unusable", false, false, ""},
	{fault.OutOfTime, "ours", false, true, ""},
	{fault.Internal, "ours", false, true, ""},
	{fault.Store, "ours", false, true, ""},
	{fault.Vault, "ours", false, true, ""},
	{fault.Queue, "ours", false, false, ""},
	{fault.Mail, "ours", false, false, ""},
	{fault.Conflict, "ours", false, false, ""},
	{fault.TooFarOff, "ours", false, false, ""},
}

// ofClass has the question for each class.
var ofClass = map[string]func(fault.Code) bool{
	"denied": fault.Code.Denied, "transient": fault.Code.Transient, "absent": fault.Code.Absent, "gone": fault.Code.Gone,
	"unusable": fault.Code.Unusable, "ours": fault.Code.Ours,
}

// finer has the properties that a class does not decide, by their letters in classes.
var finer = map[string]func(fault.Code) bool{
	"f": fault.Code.RefusesToken, "a": fault.Code.ShowsAccount, "o": fault.Code.BreaksRule, "r": fault.Code.LacksRight, "l": fault.Code.NewLinkHelps,
}

func TestEveryCodeHasAClass(t *testing.T) {
	t.Parallel()
	judged := map[string]bool{}
	for _, row := range classes {
		err := fmt.Errorf("poll: %w", &fault.Error{Code: row.code})
		if granted, ends := fault.CodeOf(err).Granted(), fault.CodeOf(err).EndsAll(); granted != row.granted || ends != row.ends {
			t.Errorf("%s: granted %v, ends all %v; want %v, %v", row.code, granted, ends, row.granted, row.ends)
		}
		for class, is := range ofClass {
			if got, want := is(fault.CodeOf(err)), class == row.class; got != want {
				t.Errorf("%s is %s: %t, want %t", row.code, class, got, want)
			}
		}
		for letter, property := range finer {
			if got, want := property(row.code), strings.Contains(row.finer, letter); got != want {
				t.Errorf("%s: property %s is %t, want %t", row.code, letter, got, want)
			}
		}
		judged[string(row.code)] = true
	}
	codes := declared(t)
	if listed := fault.Codes(); len(listed) != len(codes) || !slices.IsSorted(listed) {
		t.Errorf("%d codes are declared, and %d are listed: %v", len(codes), len(listed), listed)
	}
	for _, code := range codes {
		if !judged[code] {
			t.Errorf("%s has no row here: decide its class and properties", code)
		}
	}
}

func TestAnErrorWithoutACodeHasTheClassOurs(t *testing.T) {
	t.Parallel()
	if err := errors.New("on fire"); !fault.CodeOf(err).Ours() || fault.CodeOf(err).Granted() || !fault.CodeOf(err).EndsAll() {
		t.Errorf("%s is not ours, grants something or does not end all", fault.CodeOf(err))
	}
	for class, is := range ofClass {
		if is(fault.CodeOf(nil)) {
			t.Errorf("no error is %s", class)
		}
	}
	if !fault.CodeOf(nil).Granted() || fault.CodeOf(nil).EndsAll() {
		t.Error("a nil error denies something or ends something")
	}
	for letter, property := range finer {
		if property("") != (letter == "a") {
			t.Errorf("nil error: property %s is %t", letter, property(""))
		}
	}
}

// declared returns the codes that the package declares.
func declared(t *testing.T) (codes []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "fault.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for node := range ast.Preorder(file) {
		if spec, ok := node.(*ast.ValueSpec); ok {
			if of, ok := spec.Type.(*ast.Ident); ok && of.Name == "Code" {
				code, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				codes = append(codes, code)
			}
		}
	}
	if len(codes) == 0 {
		t.Fatal("no declared code was found")
	}
	return codes
}

func TestWhatEndsACredential(t *testing.T) {
	t.Parallel()
	var ends []fault.Code
	for _, code := range fault.Codes() {
		if code.EndsCredential() {
			ends = append(ends, code)
		}
	}
	want := []fault.Code{fault.AppSuspended, fault.KeyRefused, fault.NotInstalled, fault.NoToken, fault.TokenRefused}
	slices.Sort(want)
	if !slices.Equal(want, ends) {
		t.Errorf("they are %v, want %v", ends, want)
	}
}
