package vault

import (
	"errors"
	"slices"

	"github.com/aws/smithy-go"
)

func hasCode(err error, codes ...string) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && slices.Contains(codes, api.ErrorCode())
}
