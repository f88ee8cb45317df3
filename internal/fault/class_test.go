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
	class         fault.Class
	granted, ends bool
	finer         string
}{
	{fault.NotPAT, fault.Denied, false, true, ""},
	{fault.TokenRules, fault.Denied, false, true, "fo"},
	{fault.TokenLifetime, fault.Denied, false, true, "fo"},
	{fault.Suspended, fault.Denied, false, true, "f"},
	{fault.IPRefused, fault.Denied, false, true, "f"},
	{fault.Renamed, fault.Denied, false, true, "f"},
	{fault.SSORequired, fault.Denied, false, true, "fa"},
	{fault.SSOPartial, fault.Denied, false, false, ""},
	{fault.PolicyOff, fault.Denied, false, true, "fa"},
	{fault.Permission, fault.Denied, false, true, "fr"},
	{fault.NotPrivileged, fault.Denied, false, true, "far"},
	{fault.Refused, fault.Denied, false, true, "f"},
	{fault.Unreachable, fault.Transient, false, false, ""},
	{fault.NotGitHub, fault.Transient, false, false, ""},
	{fault.RateLimited, fault.Transient, false, true, ""},
	{fault.ReportHost, fault.Transient, false, false, ""},
	{fault.ReportCut, fault.Transient, false, false, "l"},
	{fault.NotFound, fault.Absent, false, false, "r"},
	{fault.NoReport, fault.Absent, true, false, "a"},
	{fault.LinkAbsent, fault.Absent, true, false, ""},
	{fault.TokenRefused, fault.Gone, false, true, "f"},
	{fault.KeyRefused, fault.Gone, false, true, "f"},
	{fault.AppSuspended, fault.Gone, false, true, "f"},
	{fault.NotInstalled, fault.Gone, false, true, "f"},
	{fault.ClockWrong, fault.Transient, false, true, ""},
	{fault.Waiting, fault.Denied, false, true, "fr"},
	{fault.CodeRefused, fault.Denied, false, true, "f"},
	{fault.NotInstallers, fault.Denied, false, true, "f"},
	{fault.NotOwner, fault.Denied, false, true, "f"},
	{fault.Elsewhere, fault.Denied, false, true, "f"},
	{fault.NoToken, fault.Gone, false, true, ""},
	{fault.LinkRefused, fault.Gone, false, false, "l"},
	{fault.ReportChanged, fault.Gone, false, false, ""},
	{fault.ReportBroken, fault.Unusable, true, false, ""},
	{fault.LinkUnknown, fault.Unusable, true, false, ""},
	{fault.TooMany, fault.Unusable, true, false, ""},
	{fault.Payment, fault.Unusable, false, false, ""},
	{fault.Unexpected, fault.Unusable, false, false, ""},
	{fault.OtherAccount, fault.Unusable, false, false, ""},
	{fault.Unconfirmed, fault.Unusable, false, false, ""},
	{fault.OutOfTime, fault.Ours, false, true, ""},
	{fault.Internal, fault.Ours, false, true, ""},
	{fault.Store, fault.Ours, false, true, ""},
	{fault.Vault, fault.Ours, false, true, ""},
	{fault.Queue, fault.Ours, false, false, ""},
	{fault.Mail, fault.Ours, false, false, ""},
	{fault.Conflict, fault.Ours, false, false, ""},
	{fault.TooFarOff, fault.Ours, false, false, ""},
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
		if class, granted, ends := fault.CodeOf(err).Class(), fault.CodeOf(err).Granted(), fault.CodeOf(err).EndsAll(); class != row.class || granted != row.granted || ends != row.ends {
			t.Errorf("%s is %s, granted %v, ends all %v; want %s, %v, %v", row.code, class, granted, ends, row.class, row.granted, row.ends)
		}
		if row.code.Class() != row.class || !slices.Contains(row.class.Codes(), row.code) {
			t.Errorf("the class of code %s is %s, and the codes of its row's class are %v", row.code, row.code.Class(), row.class.Codes())
		}
		for letter, property := range finer {
			if got, want := property(row.code), strings.Contains(row.finer, letter); got != want {
				t.Errorf("%s: property %s is %t, want %t", row.code, letter, got, want)
			}
		}
		judged[string(row.code)] = true
	}
	for _, code := range declared(t) {
		if !judged[code] {
			t.Errorf("%s has no row here: decide its class and properties", code)
		}
	}
}

func TestAnErrorWithoutACodeHasTheClassOurs(t *testing.T) {
	t.Parallel()
	if err := errors.New("on fire"); fault.CodeOf(err).Class() != fault.Ours || fault.CodeOf(err).Granted() || !fault.CodeOf(err).EndsAll() {
		t.Errorf("the class is %s", fault.CodeOf(err).Class())
	}
	if fault.CodeOf(nil).Class() != "" || !fault.CodeOf(nil).Granted() || fault.CodeOf(nil).EndsAll() {
		t.Error("a nil error has a class, denies something or ends something")
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
