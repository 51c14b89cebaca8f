"""Mail addresses: to whom the part after the @ belongs."""

# Where anybody gets an address within a minute: it says nothing of an office.
_PROVIDERS = """
163.com 126.com abv.bg aol.com arcor.de azet.sk bbox.fr bigpond.com bluewin.ch bol.com.br
btinternet.com centrum.cz daum.net email.cz fastmail.com free.fr freenet.de gmail.com gmx.at
gmx.ch gmx.com gmx.de gmx.net googlemail.com hanmail.net hey.com hotmail.be hotmail.co.uk
hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it icloud.com inbox.lt inbox.lv ig.com.br
interia.pl kpnmail.nl laposte.net libero.it live.be live.com live.fr live.nl mac.com mail.bg
mail.com mail.ru mailbox.org me.com msn.com naver.com net.hr o2.pl onet.pl op.pl orange.fr
outlook.com outlook.de outlook.es outlook.fr outlook.it pm.me posteo.de proton.me protonmail.com
qq.com rediffmail.com rocketmail.com sapo.pt seznam.cz sfr.fr siol.net skynet.be t-online.de
telenet.be telia.com terra.com.br tiscali.it tuta.com tutanota.com uol.com.br ukr.net
virgilio.it wanadoo.fr web.de wp.pl yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br
yahoo.de yahoo.es yahoo.fr yahoo.gr yahoo.it yahoo.ro yandex.com yandex.ru ymail.com zoho.com
"""
PUBLIC_PROVIDERS = frozenset(_PROVIDERS.split())


def domain_of(address: str) -> str:
    """Return what stands after the @, small and without a last dot; "" for no address."""
    return address.strip().lower().rpartition("@")[2].rstrip(".") if "@" in address else ""


def is_public_provider(domain: str) -> bool:
    """Tell whether anybody can have an address there."""
    return domain.strip().lower() in PUBLIC_PROVIDERS


def share_domain(one: str, other: str) -> bool:
    """Tell whether two addresses are of one house: of one domain, or one of a part of it."""
    first, second = domain_of(one), domain_of(other)
    if not first or not second or is_public_provider(first):
        return False
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")
