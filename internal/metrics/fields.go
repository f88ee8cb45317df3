package metrics

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// field is a field of a person's row, or of a row within it. A fieldSet says which fields are read. All others are skipped.
type field int

const (
	fieldInteractions field = iota
	fieldGenerated
	fieldAccepted
	fieldLinesOffered
	fieldLinesOfferedToDelete
	fieldLinesAdded
	fieldLinesDeleted
	fieldFeature
	fieldUserID
	fieldLogin
	fieldDay
	fieldCredits
	fieldFeatures
	fieldOrganizationID
	fieldEnterpriseID
	fieldTeamID
	fieldSlug

	fieldCLI
	fieldApp
	fieldVSCode
	fieldThirdParty
	fieldAdoption
	fieldSessions
	fieldRequests
	fieldPrompts
	fieldTokens
	fieldOutputTokens
	fieldPromptTokens
	fieldMessages
	fieldAgentName
	fieldPhaseNumber

	fieldUsedChat
	fieldUsedAgent
	fieldUsedCLI
	fieldUsedApp
	fieldUsedVSCode
	fieldUsedCloud
	fieldUsedCoding // the former name of fieldUsedCloud
	fieldUsedReviewActive
	fieldUsedReviewPassive
	fieldsRead // the number of fields that are read; the fields after it are known but never read
)

// userCounts are the counts that a person's row and the rows within it have in common.
type userCounts [fieldLinesDeleted + 1]Count

var fieldNames = append([]string{ //nolint:gosec // G101: token is what models count
	fieldInteractions:         "user_initiated_interaction_count",
	fieldGenerated:            "code_generation_activity_count",
	fieldAccepted:             "code_acceptance_activity_count",
	fieldLinesOffered:         "loc_suggested_to_add_sum",
	fieldLinesOfferedToDelete: "loc_suggested_to_delete_sum",
	fieldLinesAdded:           "loc_added_sum",
	fieldLinesDeleted:         "loc_deleted_sum",
	fieldFeature:              "feature",
	fieldUserID:               "user_id",
	fieldLogin:                "user_login",
	fieldDay:                  "day",
	fieldCredits:              "ai_credits_used",
	fieldFeatures:             "totals_by_feature",

	fieldOrganizationID: "organization_id",
	fieldEnterpriseID:   "enterprise_id",
	fieldTeamID:         "team_id",
	fieldSlug:           "slug",

	fieldCLI:          "totals_by_cli",
	fieldApp:          "totals_by_copilot_app",
	fieldVSCode:       "totals_by_vscode_agent",
	fieldThirdParty:   "totals_by_3rd_party_agent",
	fieldAdoption:     "ai_adoption_phase",
	fieldSessions:     "session_count",
	fieldRequests:     "request_count",
	fieldPrompts:      "prompt_count",
	fieldTokens:       "token_usage",
	fieldOutputTokens: "output_tokens_sum",
	fieldPromptTokens: "prompt_tokens_sum",
	fieldMessages:     "total_user_messages",
	fieldAgentName:    "agent_name",
	fieldPhaseNumber:  "phase_number",

	fieldUsedChat:          "used_chat",
	fieldUsedAgent:         "used_agent",
	fieldUsedCLI:           "used_cli",
	fieldUsedApp:           "used_copilot_app",
	fieldUsedVSCode:        "used_vscode_agent",
	fieldUsedCloud:         "used_copilot_cloud_agent",
	fieldUsedCoding:        "used_copilot_coding_agent",
	fieldUsedReviewActive:  "used_copilot_code_review_active",
	fieldUsedReviewPassive: "used_copilot_code_review_passive",
},
	"totals_by_ide", "totals_by_language_feature", "totals_by_language_model", "totals_by_model_feature",
	"totals_by_skill", "totals_by_custom_agent", "totals_by_mcp", "totals_by_slash_cmd", "totals_by_plugin",
	"distinct_skill_use_count", "distinct_custom_agent_use_count", "distinct_mcp_use_count", "distinct_slash_cmd_use_count",
	"distinct_plugin_use_count", "etl_id", "day_partition", "entity_id_partition", "report_start_day", "report_end_day",
)

func (f field) String() string { return fieldNames[f] }

// fieldSet is a set of fields, one bit each.
type fieldSet uint64

const (
	featureFields fieldSet = 1<<(fieldFeature+1) - 1
	rowFields     fieldSet = 1<<(fieldEnterpriseID+1) - 1 - 1<<fieldFeature - 1<<fieldLinesOfferedToDelete - 1<<fieldLinesDeleted | blocks | flags
	teamFields    fieldSet = 1<<fieldUserID | 1<<fieldDay | 1<<fieldOrganizationID | 1<<fieldEnterpriseID | 1<<fieldTeamID | 1<<fieldSlug

	blocks fieldSet = 1<<(fieldAdoption+1) - 1<<fieldCLI
	flags  fieldSet = 1<<fieldsRead - 1<<fieldUsedChat

	// blockFields are the fields within blocks.
	blockFields fieldSet = 1<<(fieldPhaseNumber+1) - 1<<fieldSessions | 1<<fieldInteractions
)

func (s fieldSet) has(f field) bool { return s&(1<<f) != 0 }

// fieldsOf returns the fields, grouped by the length of their names.
var fieldsOf = func() (byLength [40][]field) {
	for f, name := range fieldNames {
		byLength[len(name)] = append(byLength[len(name)], field(f))
	}
	return byLength
}()

// findField returns the documented field with a name. The name is given as in a report, with its quotes.
func findField(quoted []byte) (field, bool) {
	name := quoted[1 : len(quoted)-1]
	if len(name) < len(fieldsOf) {
		for _, f := range fieldsOf[len(name)] {
			if string(name) == fieldNames[f] {
				return f, true
			}
		}
	}
	if bytes.IndexByte(name, '\\') < 0 {
		return 0, false
	}
	plain, _ := jsontext.AppendUnquote(nil, quoted) // an invalid name matches no field
	at := slices.Index(fieldNames, string(plain))
	return field(at), at >= 0
}

// readFields reads an object after its opening brace. It puts the fields of the set that have a place in counts there. It calls read for
// the others, and read must take the value. No field may be repeated, because nobody could know which value is right.
func readFields(s *scanner, set fieldSet, counts []Count, read func(field) error) error {
	var seen fieldSet
	of := s.last
	place := &of.within
	for first := true; ; first = false {
		if more, err := s.more('}', first); err != nil || !more {
			s.last = of
			return err
		}
		name, err := s.name(place)
		if err != nil {
			return err
		}
		s.last, place = name, &name.after
		f, known := name.is()
		switch {
		case !known:
			s.unknown.note(name.quoted())
			err = s.pass()
		case !set.has(f):
			err = s.pass()
		case seen&(1<<f) != 0:
			err = fmt.Errorf("it repeats %s", f)
		case int(f) < len(counts):
			seen |= 1 << f
			counts[f], err = readCount(s, f)
		default:
			seen |= 1 << f
			err = read(f)
		}
		if err != nil {
			return err
		}
	}
}

// readStart takes the opening bracket or brace of a field's value, or null.
func readStart(s *scanner, f field, opening byte) (null bool, err error) {
	c, err := s.peek()
	switch {
	case err != nil:
		return false, err
	case c == opening:
		return false, s.enter()
	}
	_, null, err = readScalar(s, f, jsontext.Kind(opening))
	return null, err
}

// readScalar reads a field's value of one kind, or null.
func readScalar(s *scanner, f field, kind jsontext.Kind) (text []byte, null bool, err error) {
	text, err = s.value()
	if err != nil {
		return nil, false, err
	}
	got := kindOf(text[0])
	return text, got == 'n', mustBe(f, kind, got)
}

func mustBe(f field, want, got jsontext.Kind) error {
	if got != want && got != 'n' {
		return fmt.Errorf("%s is of the wrong type: %s", f, kindNames[got])
	}
	return nil
}

func readCount(s *scanner, f field) (Count, error) {
	if n, ok := s.shortCount(); ok {
		return Count(n), nil
	}
	text, null, err := readScalar(s, f, '0')
	if err != nil || null {
		return Untold, err
	}
	n, err := parseCount(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s is a number with a fraction, or out of range", f)
	case n < 0:
		return 0, fmt.Errorf("%s is negative", f)
	case n > maxCount:
		return 0, fmt.Errorf("%s is too large to be true", f)
	}
	return Count(n), nil
}

// parseCount is strconv.ParseInt, without copying short numbers.
func parseCount(text []byte) (n int64, err error) {
	if digits(text, 0) < len(text) || len(text) > 18 {
		return strconv.ParseInt(string(text), 10, 64)
	}
	for _, digit := range text {
		n = 10*n + int64(digit-'0')
	}
	return n, nil
}

func readCredits(s *scanner, f field) (Credits, error) {
	text, null, err := readScalar(s, f, '0')
	if err != nil || null {
		return Untold, err
	}
	credits, err := strconv.ParseFloat(string(text), 64)
	if err != nil || credits < 0 || credits > maxCredits {
		return 0, fmt.Errorf("%s is negative or too large to be true", f)
	}
	return creditsOf(credits), nil
}

// readString returns the text of a string as encoding/json reads it, or "" for null.
func readString(s *scanner, f field) ([]byte, error) {
	text, null, err := readScalar(s, f, '"')
	if err != nil || null {
		return nil, err
	}
	return unquote(text), nil
}

// unquote returns the text of a string, with the replacement character for bytes that are not UTF-8.
func unquote(quoted []byte) []byte {
	text := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(text, '\\') >= 0 || !utf8.Valid(text) {
		text, _ = jsontext.AppendUnquote(nil, quoted)
	}
	return text
}

func readLogin(s *scanner, f field) (string, error) {
	login, err := readString(s, f)
	if err != nil {
		return "", err
	}
	return string(login), validLogin(login)
}

// readID reads an id: a number, which some reports write as a string.
func readID(s *scanner, f field) (int64, error) {
	text, err := s.value()
	if err != nil {
		return 0, err
	}
	if text[0] == '"' {
		text = unquote(text)
	}
	id, err := parseCount(text)
	var room [20]byte                                                              // so that nothing is allocated
	if err != nil || string(strconv.AppendInt(room[:0], id, 10)) != string(text) { // ParseInt also accepts +1 and 007
		return 0, fmt.Errorf("%s is not a whole number of 64 bits", f)
	}
	return id, nil
}
