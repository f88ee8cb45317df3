package metrics_test

import (
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// secret is a value in every hostile report. No error may repeat it.
const secret = "31337"

func TestAHostileReportIsRefusedWithAReason(t *testing.T) {
	feature := func(fields string) string {
		return string(record(`"totals_by_feature":[{"feature":"code_completion",` + fields + `}]`))
	}
	good := string(record(`"daily_active_users":` + secret))
	nested := strings.Repeat("[", 100_000)
	for _, test := range []struct{ name, report, says string }{
		{"empty", "", "it has no record of the day"},
		{"white space", " \r\n\t", "it has no record of the day"},
		{"an empty array", "[]", "it has no record of the day"},
		{"days, but not this one", `{"day_totals":[{"day":"2026-11-17","daily_active_users":` + secret + `}]}`, "it has no record of the day"},
		{"a string", `"` + secret + `"`, "record 1: a string stands where an object belongs"},
		{"a number", secret, "record 1: a number stands where an object belongs"},
		{"true", "true", "record 1: a boolean stands where an object belongs"},
		{"null", "null", "record 1: null stands where an object belongs"},
		{"an array in an array", "[[" + secret + "]]", "record 1: an array stands where an object belongs"},
		{"an empty object", "{}", "record 1: it is not a usage record"},
		{"another kind of report", `{"user_id":` + secret + `}`, "record 1: it is not a usage record"},
		{"a page", "<!DOCTYPE html><html><body>" + secret + "</body></html>", "not valid JSON at byte 1"},
		{"an XML error", "\ufeff<?xml version=\"1.0\"?><Error><Code>" + secret + "</Code></Error>", "not valid JSON"},
		{"UTF-16", "\xff\xfe{\x00\"\x003\x00", "not valid JSON"},
		{"invalid UTF-8 in a name", string(record("\"totals_by_ide\":[{\"ide\":\"" + secret + "\xff\"}]")), "is not UTF-8"},
		{"half a character at the end", good + "\xe2\x82", "not valid JSON"},
		{"a NUL", good + "\x00", "not valid JSON"},
		{"a record and a half", good + `{"day":"` + secret, "record 2: it ends in the middle of a record"},
		{"text after the record", good + "}", "record 2: not valid JSON"},
		{"text after the array", "[" + good + "] " + good, "something follows the end of the array"},
		{"an open array", "[" + good, "it ends in the middle"},
		{"an array closed by a brace", "[" + good + "}", "not valid JSON"},
		{"an array without a comma", "[" + good + good + "]", "not valid JSON"},
		{"a comma at the end", "[" + good + ",]", "not valid JSON"},
		{"a comma between lines", good + "," + good, "not valid JSON"},
		{"deep nesting", nested + strings.Repeat("]", len(nested)), "record 1: an array stands where an object belongs"},
		{"deep nesting inside", string(record(`"x":` + nested + strings.Repeat("]", len(nested)))), "not valid JSON"},
		{"deep wrapping", strings.Repeat(`{"day_totals":[`, 9000) + strings.Repeat(`]}`, 9000), "not valid JSON"},
		{"another day", `{"day":"2026-11-17","daily_active_users":` + secret + `}`, "record 1: it is the record of another day, 2026-11-17"},
		{"an invalid day", `{"day":"` + secret + `"}`, "record 1: it is the record of another day"},
		{"two records that differ", good + string(record(`"daily_active_users":2`)), "record 2: two different records of 2026-11-18"},
		{"two records that differ in one field", `{"day_totals":[` + good + "," + `{"day":"2026-11-18"}]}`, "two different records"},

		{"a negative median", string(record(`"pull_requests":{"median_minutes_to_merge":-0.` + secret + `}`)), "median_minutes_to_merge is negative"},
		{"an impossible count", string(record(`"daily_active_users":1000000000001`)), "record 1: daily_active_users is too large to be true"},
		{"an impossible number of tokens", string(record(`"totals_by_cli":{"token_usage":{"output_tokens_sum":1000000000000001}}`)), "output_tokens_sum is too large to be true"},
		{"beyond 64 bits", string(record(`"daily_active_users":9223372036854775808`)), "record 1: daily_active_users is a number with a fraction, out of range"},
		{"far beyond 64 bits", feature(`"code_acceptance_activity_count":` + strings.Repeat("9", 5000)), "record 1: totals_by_feature.code_acceptance_activity_count is a number"},
		{"a fraction", string(record(`"daily_active_users":5.0`)), "record 1: daily_active_users is a number with a fraction"},
		{"an exponent", string(record(`"daily_active_users":1e3`)), "record 1: daily_active_users is a number with a fraction"},
		{"a huge exponent", string(record(`"pull_requests":{"median_minutes_to_merge":1e400}`)), "record 1: pull_requests.median_minutes_to_merge is a number with a fraction, out of range"},
		{"an endless exponent", string(record(`"daily_active_users":1e` + strings.Repeat("9", 5000))), "record 1: daily_active_users is a number"},
		{"a count in a string", feature(`"code_generation_activity_count":"` + secret + `"`), "record 1: totals_by_feature.code_generation_activity_count is of the wrong type: a string"},
		{"a count in an array", string(record(`"daily_active_users":[` + secret + `]`)), "record 1: daily_active_users is of the wrong type: an array"},
		{"a true count", string(record(`"daily_active_users":true`)), "record 1: daily_active_users is of the wrong type: a boolean"},
		{"an object for an array", string(record(`"totals_by_feature":{"x":` + secret + `}`)), "record 1: totals_by_feature is of the wrong type: an object"},
		{"a string for a row", string(record(`"totals_by_ide":["` + secret + `"]`)), "record 1: totals_by_ide is of the wrong type: a string"},
		{"a number for a name", string(record(`"totals_by_feature":[{"feature":` + secret + `}]`)), "is a number"},
		{"a repeated count", string(record(`"daily_active_users":1,"daily_active_users":2`)), "record 1: it repeats a field at byte"},
		{"a repeated list", string(record(`"totals_by_feature":[],"totals_by_feature":[]`)), "record 1: it repeats a field at byte"},
		{"a repeated name written with escapes", string(record(`"daily_active_users":1,"daily_active_user\u0073":2`)), "record 1: it repeats a field at byte"},
		{"a repeat in a row", feature(`"loc_added_sum":1,"loc_added_sum":2`), "record 1: it repeats a field at byte"},
		{"a repeat in an object in it", string(record(`"totals_by_cli":{"token_usage":{"output_tokens_sum":1,"output_tokens_sum":2}}`)), "it repeats a field at byte"},
		{"a repeat in a day of many", `{"day_totals":[{"day":"2026-11-18","daily_active_users":1,"daily_active_users":2}]}`, "it repeats a field at byte"},
		{"a repeat of the days", `{"day_totals":[],"day_totals":[]}`, "record 1: it repeats a field at byte"},
		{"a number for the day", `{"day":` + secret + `}`, "record 1: day is a number"},
		{"a long name", string(record(`"totals_by_ide":[{"ide":"` + strings.Repeat(secret, 41) + `"}]`)), "a name in a breakdown is too long"},
		{"many rows", string(record(`"totals_by_ide":[{}` + strings.Repeat(",{}", 10_000) + `]`)), "record 1: a list has too many rows"},
		{"a number for a day", `{"day_totals":[` + secret + `]}`, "record 1: a number stands where an object belongs"},
		{"many days", `{"day_totals":[{}` + strings.Repeat(",{}", 10_000) + `]}`, "record 1: a list has too many rows"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := readUsage([]byte(test.report))
			mustBeBroken(t, err, "read usage report of 2026-11-18: report_broken: ", test.says)
		})
	}
}

func TestAHostilePerUserReportIsRefusedWithAReason(t *testing.T) {
	good := string(userRow(1, `"ai_credits_used":`+secret))
	features := func(rows string) string { return string(userRow(1, `"totals_by_feature":[`+rows+`]`)) }
	const beyond = `{"feature":"chat_inline","user_initiated_interaction_count":600000000000}`
	for _, test := range []struct{ name, report, says string }{
		{"a string", `"` + secret + `"`, "record 1: a string stands where an object belongs"},
		{"null in between", good + "null\n" + good, "record 2: null stands where an object belongs"},
		{"nobody", good + `{"day":"2026-11-18","user_login":"` + secret + `"}`, "record 2: it names no user_id"},
		{"user 0", `{"user_id":0}`, "it names no user_id"},
		{"a negative id", `{"user_id":-` + secret + `}`, "it names no user_id"},
		{"an id that is a word", `{"user_id":"x` + secret + `"}`, "user_id is not a whole number of 64 bits"},
		{"an empty id", `{"user_id":""}`, "user_id is not a whole number of 64 bits"},
		{"an id that is null", `{"user_id":null}`, "user_id is not a whole number of 64 bits"},
		{"an id in an array", `{"user_id":[` + secret + `]}`, "user_id is not a whole number of 64 bits"},
		{"a true id", `{"user_id":true}`, "user_id is not a whole number of 64 bits"},
		{"an id with a fraction", `{"user_id":` + secret + `.5}`, "user_id is not a whole number of 64 bits"},
		{"an id with an exponent", `{"user_id":"1e3"}`, "user_id is not a whole number of 64 bits"},
		{"an id beyond 64 bits", `{"user_id":9223372036854775808}`, "user_id is not a whole number of 64 bits"},
		{"a hexadecimal id", `{"user_id":"0x` + secret + `"}`, "user_id is not a whole number of 64 bits"},
		{"another day", good + `{"user_id":2,"day":"2026-11-17"}`, "record 2: it is the row of another day, 2026-11-17"},
		{"negative credits", string(userRow(2, `"ai_credits_used":-0.`+secret)), "ai_credits_used is negative or too large to be true"},
		{"impossible credits", string(userRow(2, `"ai_credits_used":1e300`)), "ai_credits_used is negative or too large to be true"},
		{"credits beyond a float", string(userRow(2, `"ai_credits_used":1e400`)), "ai_credits_used is negative or too large to be true"},
		{"credits in a string", string(userRow(2, `"ai_credits_used":"`+secret+`"`)), "ai_credits_used is of the wrong type: a string"},
		{"negative interactions", string(userRow(2, `"user_initiated_interaction_count":-`+secret)), "user_initiated_interaction_count is negative"},
		{"a fraction of an acceptance", string(userRow(2, `"code_acceptance_activity_count":0.5`)), "record 1: code_acceptance_activity_count is a number with a fraction"},
		{"lines beyond 64 bits", string(userRow(2, `"loc_added_sum":1`+strings.Repeat("0", 400))), "record 1: loc_added_sum is a number with a fraction, or out of range"},
		{"a sign before the id", `{"user_id":"+` + secret + `"}`, "user_id is not a whole number of 64 bits"},
		{"a zero before the id", `{"user_id":"0` + secret + `"}`, "user_id is not a whole number of 64 bits"},
		{"two ids", `{"user_id":1,"user_id":` + secret + `}`, "it repeats user_id"},
		{"two ids, one written with escapes", `{"user_id":1,"user\u005fid":` + secret + `}`, "it repeats user_id"},
		{"two logins", string(userRow(2, `"user_login":"x`+secret+`"`)), "it repeats user_login"},
		{"two lists of features", string(userRow(2, `"totals_by_feature":null,"totals_by_feature":[]`)), "it repeats totals_by_feature"},
		{"two names of a feature", features(`{"feature":"x","feature":"` + secret + `"}`), "it repeats feature"},
		{"two counts of a feature", features(`{"loc_added_sum":1,"loc_added_sum":` + secret + `}`), "it repeats loc_added_sum"},
		{"a long login", `{"user_id":1,"user_login":"` + strings.Repeat(secret, 21) + `"}`, "user_login is too long"},
		{"a login not in UTF-8", `{"user_id":1,"user_login":"` + secret + "\xff" + `"}`, "user_login is not UTF-8"},
		{"half a character in a login", `{"user_id":1,"user_login":"` + secret + `\ud83d"}`, "user_login is not UTF-8"},
		{"a number for a login", `{"user_id":1,"user_login":` + secret + `}`, "user_login is of the wrong type: a number"},
		{"a number for the day", `{"user_id":1,"day":` + secret + `}`, "day is of the wrong type: a number"},
		{"features in an object", string(userRow(2, `"totals_by_feature":{}`)), "totals_by_feature is of the wrong type: an object"},
		{"a string for a feature", features(`"` + secret + `"`), "totals_by_feature is of the wrong type: a string"},
		{"a number for a feature's name", features(`{"feature":` + secret + `}`), "feature is of the wrong type: a number"},
		{"a negative count of a feature", features(`{"code_generation_activity_count":-` + secret + `}`), "code_generation_activity_count is negative"},
		{"an impossible count of a feature", features(`{"loc_added_sum":1000000000001}`), "loc_added_sum is too large to be true"},
		{"counts with an impossible sum", features(beyond + "," + beyond), "totals_by_feature adds up to more than can be true"},
		{"not JSON in what is skipped", string(userRow(2, `"x":[{"y":tru}]`)), "record 1: not valid JSON at byte"},
		{"a control character in what is skipped", string(userRow(2, "\"x\":\"\x00\"")), "record 1: not valid JSON at byte"},
		{"deep nesting inside", string(userRow(2, `"x":`+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000))), "not valid JSON"},
		{"half a row", good[:len(good)-10], "record 1: it ends in the middle of a record"},
		{"an error page after the rows", good + "<html>" + secret, "record 2: not valid JSON"},
		{"the aggregate report", string(record(`"daily_active_users":` + secret)), "record 1: it names no user_id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := readRoster([]byte(test.report))
			mustBeBroken(t, err, "read per-user report of 2026-11-18: report_broken: ", test.says)
		})
	}
}

func TestNegativeAndTooLargeCountsAreRefused(t *testing.T) {
	activity := []string{
		"user_initiated_interaction_count", "code_generation_activity_count", "code_acceptance_activity_count", "loc_suggested_to_add_sum", "loc_added_sum",
	}
	fields := map[string]string{
		`"totals_by_cli":{"token_usage":{%}}`: "prompt_tokens_sum output_tokens_sum", `"totals_by_cli":{%}`: "session_count request_count",
		`%`: "daily_active_users daily_active_cli_users", `"pull_requests":{%}`: "total_created total_reviewed total_merged total_created_by_copilot " +
			"total_reviewed_by_copilot total_copilot_suggestions total_copilot_applied_suggestions",
	}
	for _, list := range []string{"ide", "feature", "language_feature", "model_feature"} {
		fields[`"totals_by_`+list+`":[{},{%}]`] = strings.Join(activity, " ")
		_, err := readUsage(record(`"totals_by_` + list + `":[{"` + strings.Split(list, "_")[0] + `":"` + strings.Repeat(secret, 41) + `"}]`))
		mustBeBroken(t, err, "read usage report", "a name in a breakdown is too long")
	}
	for where, names := range fields {
		for _, name := range strings.Fields(names) {
			for value, says := range map[string]string{"-" + secret: " is negative", "1" + strings.Repeat("0", 16): " is too large to be true"} {
				_, err := readUsage(record(strings.ReplaceAll(where, "%", `"`+name+`":`+value)))
				mustBeBroken(t, err, "read usage report", name+says)
			}
		}
	}
	for _, name := range activity {
		_, err := readRoster(userRow(1, `"`+name+`":-`+secret))
		mustBeBroken(t, err, "read per-user report", name+" is negative")
	}
}

func mustBeBroken(t *testing.T, err error, op, says string) {
	t.Helper()
	if !fault.Is(err, fault.ReportBroken) {
		t.Fatalf("got %v, want code %s", err, fault.ReportBroken)
	}
	if text := err.Error(); !strings.HasPrefix(text, op) || !strings.Contains(text, says) || strings.Contains(text, secret) || len(text) > 200 {
		t.Errorf("the error is %q, want %q…%q", text, op, says)
	}
}
