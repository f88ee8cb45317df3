package secretsmanager

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/cenkalti/backoff/v5"

	"cloudmonitor.ai/copilot-connector/internal/awserror"
	"cloudmonitor.ai/copilot-connector/internal/vault"
)

const (
	opDrop = "drop the token before"

	dropAttempts   = 4
	firstDropPause = 200 * time.Millisecond // on average; each further pause is twice as long
)

// dropPrevious removes the label from the version that was current before the given one. It asks again if AWS's answer is
// older than the given version, and if the label has moved or disappeared in the meantime, for example because an earlier
// removal succeeded but its answer was lost.
func (v *Vault) dropPrevious(ctx context.Context, name, version string) error {
	_, err := backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, v.tryDrop(ctx, name, version) },
		backoff.WithMaxTries(dropAttempts), backoff.WithBackOff(&backoff.ExponentialBackOff{
			InitialInterval: firstDropPause, Multiplier: 2, RandomizationFactor: backoff.DefaultRandomizationFactor, MaxInterval: 2 * time.Second,
		}))
	if err != nil {
		return vault.Failed(opDrop, err)
	}
	return nil
}

// tryDrop returns errUnsettled if it is worth trying again.
func (v *Vault) tryDrop(ctx context.Context, name, version string) error {
	secret, err := v.client.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &name})
	if err != nil {
		return backoff.Permanent(awserror.Told(err))
	}
	if _, fresh := secret.VersionIdsToStages[version]; !fresh {
		return errUnsettled
	}
	old := labelled(secret.VersionIdsToStages, previous)
	if old == "" {
		return nil
	}
	_, err = v.client.UpdateSecretVersionStage(ctx, &secretsmanager.UpdateSecretVersionStageInput{
		SecretId: &name, VersionStage: aws.String(previous), RemoveFromVersionId: &old,
	})
	switch {
	case err == nil:
		return nil
	case hasCode(err, "InvalidParameterException", "InvalidRequestException"):
		return errUnsettled
	default:
		return backoff.Permanent(awserror.Told(err))
	}
}

// errUnsettled says that AWS's answer was old, or that the label has moved in the meantime.
var errUnsettled = errors.New("its label did not come to rest")

func labelled(versions map[string][]string, label string) string {
	for id, labels := range versions {
		if slices.Contains(labels, label) {
			return id
		}
	}
	return ""
}
