# What the jobs ask GitLab for, through curl and jq, with GITLAB_TOKEN: the token of the
# project with the scope api. Only what its own account wrote counts: anyone may write a note
# that looks like ours.
# shellcheck shell=bash

# lockstep and run know the places by the names of GitHub's runner.
export GITHUB_WORKSPACE=$CI_PROJECT_DIR GITHUB_SHA=$CI_COMMIT_SHA GITHUB_STEP_SUMMARY=/dev/null
GITHUB_OUTPUT=$(mktemp)
export GITHUB_OUTPUT
PULL_REQUEST=${CI_MERGE_REQUEST_IID:-}
: "${INPUT_BINARY:=lockstep}" "${INPUT_ARGUMENTS:=}" "${INPUT_ACCEPT_DELETES:=}" "${INPUT_ACCEPT_CHANGES:=}" "${INPUT_LOCK_TIMEOUT:=5m}" "${INPUT_EXPECT:=}"

notice() { printf '%s\n' "$1"; }

# fail ends the job with an error.
fail() {
  printf 'Error: %s\n' "$1" >&2
  exit 1
}

# foreign reports whether the files are those of a merge request from a fork.
foreign() { [ -n "$PULL_REQUEST" ] && [ "${CI_MERGE_REQUEST_SOURCE_PROJECT_ID:-}" != "$CI_PROJECT_ID" ]; }

# unmerged reports whether the job is one of a merge request, which is not merged yet.
unmerged() { [ -n "$PULL_REQUEST" ]; }

# log_url prints where this job is seen.
log_url() { printf '%s' "$CI_JOB_URL"; }

# ask METHOD PATH [ARGUMENT]... calls the API. The token stands on no command line.
ask() {
  printf 'header = "PRIVATE-TOKEN: %s"\n' "$GITLAB_TOKEN" |
    curl --config - --silent --show-error --fail --request "$1" "${@:3}" "$CI_API_V4_URL/$2"
}

# all PATH prints a list of the project, one object on each line.
all() {
  local page=1 items
  while true; do
    items=$(ask GET "projects/$CI_PROJECT_ID/$1&per_page=100&page=$page" | jq -c '.[]') || return 1
    [ -n "$items" ] || return 0
    printf '%s\n' "$items"
    page=$((page + 1))
  done
}

# whoami prints the name of the account of the token.
whoami() { ask GET user | jq -r .username; }

# pull_request prints the number of the merge request that the job is about: the one of the
# pipeline, or the one that was merged as this commit.
pull_request() {
  if [ -n "$PULL_REQUEST" ]; then
    printf '%s\n' "$PULL_REQUEST"
    return
  fi
  ask GET "projects/$CI_PROJECT_ID/repository/commits/$GITHUB_SHA/merge_requests" |
    jq -r '[.[] | select(.state == "merged" and ([.merge_commit_sha, .squash_commit_sha, .sha] | index(env.GITHUB_SHA)))] | last | .iid // empty'
}

# comment NUMBER MARKER WHAT prints what a jq expression finds in our note.
comment() {
  local author
  author=$(whoami)
  all "merge_requests/$1/notes?sort=asc" |
    AUTHOR=$author MARKER=$2 jq -r 'select(.author.username == env.AUTHOR and (.body | startswith(env.MARKER))) | '"$3" | tail -n 1
}

# put_comment NUMBER MARKER FILE writes our note, or edits it.
put_comment() {
  local id
  id=$(comment "$1" "$2" .id)
  if [ -n "$id" ]; then
    ask PUT "projects/$CI_PROJECT_ID/merge_requests/$1/notes/$id" --data-urlencode "body@$3" >/dev/null
  else
    ask POST "projects/$CI_PROJECT_ID/merge_requests/$1/notes" --data-urlencode "body@$3" >/dev/null
  fi
}

# open_issue MARKER prints the number of our open issue.
open_issue() {
  local author
  author=$(whoami)
  all "issues?state=opened" |
    AUTHOR=$author MARKER=$1 jq -r 'select(.author.username == env.AUTHOR and ((.description // "") | startswith(env.MARKER))) | .iid' | tail -n 1
}

# put_issue MARKER TITLE FILE writes our issue, or edits the one that is open.
put_issue() {
  local number
  number=$(open_issue "$1")
  if [ -n "$number" ]; then
    ask PUT "projects/$CI_PROJECT_ID/issues/$number" --data-urlencode "description@$3" >/dev/null
  else
    ask POST "projects/$CI_PROJECT_ID/issues" --data-urlencode "title=$2" --data-urlencode "description@$3" >/dev/null
  fi
}

# close_issue MARKER FILE closes our open issue, if there is one, with a last text.
close_issue() {
  local number
  number=$(open_issue "$1")
  [ -z "$number" ] || ask PUT "projects/$CI_PROJECT_ID/issues/$number" --data-urlencode state_event=close --data-urlencode "description@$2" >/dev/null
}
