package lambdatest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// Right is one action that a role allows on one resource.
type Right struct {
	Action   string
	Resource string // written as in Fn::Sub: ${Table.Arn}/index/listed
	Where    string // the condition of the statement, as JSON; empty if it has none
	If       string // the condition of the template under which the statement exists; empty if it always does
}

func (r Right) String() string {
	text := r.Action + " on " + r.Resource
	if r.Where != "" {
		text += " where " + r.Where
	}
	if r.If != "" {
		text += " if " + r.If
	}
	return text
}

// role has a field for each property that our roles may have. Any other property, such as ManagedPolicyArns, is an error,
// because it could allow more than this test reads.
type role struct {
	Description              json.RawMessage
	AssumeRolePolicyDocument json.RawMessage
	Policies                 []struct {
		PolicyName     string
		PolicyDocument policy
	}
}

type policy struct {
	Version   string
	Statement []json.RawMessage
}

// statement has no fields for NotAction, NotResource and similar, so they are errors.
type statement struct {
	Effect    string
	Action    oneOrMore
	Resource  oneOrMore
	Condition json.RawMessage
}

func (template Template) role(t testing.TB, logicalID string) role {
	t.Helper()
	var of role
	if err := strictly(template.Resources[logicalID].Properties, &of); err != nil {
		t.Fatalf("template.yaml: %s: %v", logicalID, err)
	}
	return of
}

// Rights returns what a role of the template allows.
func (template Template) Rights(t testing.TB, logicalID string) []Right {
	t.Helper()
	var rights []Right
	for _, policy := range template.role(t, logicalID).Policies {
		for _, raw := range policy.PolicyDocument.Statement {
			more, err := rightsOf(raw)
			if err != nil {
				t.Fatalf("template.yaml: a statement of %s: %v", logicalID, err)
			}
			rights = append(rights, more...)
		}
	}
	return rights
}

func rightsOf(raw json.RawMessage) ([]Right, error) {
	raw, condition, err := unconditionally(raw)
	if err != nil {
		return nil, err
	}
	var of statement
	if err := strictly(raw, &of); err != nil {
		return nil, err
	}
	if of.Effect != "Allow" {
		return nil, fmt.Errorf("its effect is %q: only what is allowed is read here", of.Effect)
	}
	var rights []Right
	for _, action := range of.Action {
		for _, resource := range of.Resource {
			rights = append(rights, Right{string(action), string(resource), string(of.Condition), condition})
		}
	}
	return rights, nil
}

// unconditionally returns the statement within {"Fn::If": [condition, statement, {"Ref": "AWS::NoValue"}]}.
func unconditionally(raw json.RawMessage) (then json.RawMessage, condition string, err error) {
	var choice struct {
		If []json.RawMessage `json:"Fn::If"`
	}
	if err := json.Unmarshal(raw, &choice); err != nil || choice.If == nil {
		return raw, "", err
	}
	if len(choice.If) != 3 || string(choice.If[2]) != `{"Ref":"AWS::NoValue"}` {
		return nil, "", fmt.Errorf("it is neither there or not: %s", raw)
	}
	return choice.If[1], condition, json.Unmarshal(choice.If[0], &condition)
}

// oneOrMore is a text or a list of texts.
type oneOrMore []text

// UnmarshalJSON implements json.Unmarshaler.
func (s *oneOrMore) UnmarshalJSON(raw []byte) error {
	if raw[0] == '[' {
		return json.Unmarshal(raw, (*[]text)(s))
	}
	*s = make([]text, 1)
	return json.Unmarshal(raw, &(*s)[0])
}

// text is a string, or an intrinsic function that yields one. A function is written as in Fn::Sub, and a choice by a condition of
// the template as <HasTable ? ${TheirTable} : ${Table}>.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (s *text) UnmarshalJSON(raw []byte) error {
	if raw[0] == '"' {
		return json.Unmarshal(raw, (*string)(s))
	}
	var made struct {
		Ref    string
		GetAtt []string        `json:"Fn::GetAtt"`
		If     []text          `json:"Fn::If"`
		Sub    json.RawMessage `json:"Fn::Sub"`
	}
	if err := strictly(raw, &made); err != nil {
		return err
	}
	switch {
	case made.Ref != "":
		*s = text("${" + made.Ref + "}")
	case made.GetAtt != nil:
		*s = text("${" + strings.Join(made.GetAtt, ".") + "}")
	case len(made.If) == 3:
		*s = "<" + made.If[0] + " ? " + made.If[1] + " : " + made.If[2] + ">"
	case len(made.Sub) > 0 && made.Sub[0] == '[': // it has variables of its own
		var names map[string]text
		if err := json.Unmarshal(made.Sub, &[]any{(*string)(s), &names}); err != nil {
			return err
		}
		for name, value := range names {
			*s = text(strings.ReplaceAll(string(*s), "${"+name+"}", string(value)))
		}
	default:
		return json.Unmarshal(made.Sub, (*string)(s))
	}
	return nil
}
