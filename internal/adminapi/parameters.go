package adminapi

// parameterValues says what each query parameter accepts. The refusal of an empty one uses it.
var parameterValues = map[string]string{
	"by":            "what the answer is split by, or is left out",
	"compare":       "previous, or is left out",
	"date":          "a day of the form YYYY-MM-DD, like 2026-11-22, or is left out",
	"format":        "csv, json or, with the kind cost, focus",
	"from":          "a day of the form YYYY-MM-DD, like 2026-11-22, or is left out",
	"host":          "github.com or SUBDOMAIN.ghe.com, or is left out for github.com",
	"idleAfterDays": "a whole number from 1 to 365, or is left out",
	"kind":          "the name of a table",
	"month":         "a month of the form YYYY-MM, like 2026-11, or is left out",
	"next":          "the field next of the answer before, or is left out for the beginning",
	"order":         "asc or desc, or is left out",
	"part":          "the number of a part, or is left out for the whole table",
	"q":             "a part of a login, or is left out",
	"slug":          "the name of an organization, or its address on GitHub",
	"sort":          "the name of a figure, or is left out",
	"status":        "the status of a seat, several with commas between, or is left out",
	"team":          "the name of a team, or is left out",
	"to":            "a day of the form YYYY-MM-DD, like 2026-11-22, or is left out",
	"userId":        "a user id of GitHub's, a whole number, or a pseudonym, or is left out",
}
