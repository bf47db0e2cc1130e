# What the action asks GitHub for, through gh. Only what INPUT_AUTHOR wrote counts: anyone
# may write a comment that looks like ours.
# shellcheck shell=bash

# On GitHub Enterprise gh wants to know the host.
export GH_HOST=${GITHUB_SERVER_URL#https://} GH_ENTERPRISE_TOKEN=${GH_TOKEN:-}

# escaped prints a text as one line of a workflow command.
escaped() {
  local text=${1//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}

notice() { printf '::notice title=lockstep::%s\n' "$(escaped "$1")"; }

# fail ends the step with an error.
fail() {
  printf '::error title=lockstep::%s\n' "$(escaped "$1")"
  exit 1
}

# foreign reports whether the files are those of a pull request from a fork, which gets no
# secrets. A fork that was deleted has no name.
foreign() { [[ $GITHUB_EVENT_NAME == pull_request* && ${HEAD_REPOSITORY:-} != "$GITHUB_REPOSITORY" ]]; }

# unmerged reports whether the run is one of a pull request that is not merged.
unmerged() { [[ $GITHUB_EVENT_NAME == pull_request* && ${PULL_REQUEST_MERGED:-} != true ]]; }

# log_url prints where this run is seen.
log_url() { printf '%s/%s/actions/runs/%s' "$GITHUB_SERVER_URL" "$GITHUB_REPOSITORY" "$GITHUB_RUN_ID"; }

# pull_request prints the number of the pull request that the run is about: the one of the
# event, or the one that was merged as this commit.
pull_request() {
  if [ -n "${PULL_REQUEST:-}" ]; then
    printf '%s\n' "$PULL_REQUEST"
    return
  fi
  gh api "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls" \
    --jq '[.[] | select(.merged_at != null and .merge_commit_sha == env.GITHUB_SHA)] | last | .number // empty'
}

# comment NUMBER MARKER WHAT prints what a jq expression finds in our comment.
comment() {
  MARKER=$2 gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$1/comments?per_page=100" \
    --jq '.[] | select(.user.login == env.INPUT_AUTHOR and (.body | startswith(env.MARKER))) | '"$3" | tail -n 1
}

# put_comment NUMBER MARKER FILE writes our comment, or edits it.
put_comment() {
  local id
  id=$(comment "$1" "$2" .id)
  if [ -n "$id" ]; then
    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$3" --silent
  else
    gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$1/comments" -F "body=@$3" --silent
  fi
}

# open_issue MARKER prints the number of our open issue.
open_issue() {
  MARKER=$1 gh api --paginate "repos/$GITHUB_REPOSITORY/issues?state=open&per_page=100" \
    --jq '.[] | select(.pull_request == null and .user.login == env.INPUT_AUTHOR and ((.body // "") | startswith(env.MARKER))) | .number' | tail -n 1
}

# put_issue MARKER TITLE FILE writes our issue, or edits the one that is open.
put_issue() {
  local number
  number=$(open_issue "$1")
  if [ -n "$number" ]; then
    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/$number" -F "body=@$3" --silent
  else
    gh api --method POST "repos/$GITHUB_REPOSITORY/issues" -f "title=$2" -F "body=@$3" --silent
  fi
}

# close_issue MARKER FILE closes our open issue, if there is one, with a last text.
close_issue() {
  local number
  number=$(open_issue "$1")
  [ -z "$number" ] || gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/$number" -f state=closed -f state_reason=completed -F "body=@$2" --silent
}
