"""Sign in with what the single sign-on has proved. Never makes an account."""

from __future__ import annotations

from datetime import datetime

from engine.actions.sign_in import NOBODY, SignedIn, SignInError, open_session
from engine.actions.sign_in_policy import SignInPolicy
from engine.errors import EngineFault, ForbiddenError
from engine.store import audit, credentials
from engine.store.db import Tx


class SingleSignOnError(SignInError):
    """The single sign-on did not confirm who you are; start again."""

    code = "sso-failed"
    default_zh = "统一身份认证未能确认您的身份，请重新登录。"


class ProviderUnreachableError(EngineFault):
    """The single sign-on does not answer; try again later."""

    code = "sso-unreachable"
    default_zh = "统一身份认证服务暂时无法访问，请稍后再试。"


class NoAccountError(ForbiddenError):
    """The single sign-on knows you, but there is no active account here that is yours."""

    code = "no-account"
    default_zh = "统一身份认证已通过，但本系统没有您的有效账号，请联系管理员。"


def sign_in_by_claim(
    tx: Tx, *, claim: object, replaces: str | None, policy: SignInPolicy, at: datetime
) -> SignedIn | NoAccountError:
    """Open a session for the active account that the claim names exactly; or return the refusal."""
    account = credentials.find_credentials(tx, claim) if isinstance(claim, str) else None
    if account is None:
        audit.append(tx, kind="sign_in_failed", actor=NOBODY, data={"via": "sso"}, at=at)
        return NoAccountError()
    return open_session(tx, username=account.username, via="sso", replaces=replaces, policy=policy, at=at)
