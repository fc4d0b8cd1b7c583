"""Signatures as their specifications publish them."""

import hashlib

from districts.sources import oauth

OWN = [
    ("oauth_consumer_key", "dpf43f3p2l4k3l03"),
    ("oauth_token", "nnch734d00sl2jdk"),
    ("oauth_signature_method", "HMAC-SHA1"),
    ("oauth_timestamp", "1191242096"),
    ("oauth_nonce", "kllo9940pd9333jh"),
    ("oauth_version", "1.0"),
]


def test_the_base_string_is_that_of_rfc_5849() -> None:
    own = [
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
    ]
    address = "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"
    assert oauth.base_string("post", address, own, [("c2", ""), ("a3", "2 q")]) == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D"
        "%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-"
        "SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )


def test_the_signature_is_that_of_oauth_core() -> None:
    text = oauth.base_string("GET", "http://photos.example.net/photos?file=vacation.jpg&size=original", OWN)
    signed = oauth.signature(text, "kd94hf93k423kf44", "pfkkdhi9sl3r4s00", hashlib.sha1)
    assert signed == "tR3+Ty81lMeYAr/Fid0kMTYa/WM="


def test_a_port_of_its_own_is_signed() -> None:
    assert oauth.base_string("GET", "https://sis.example:8443/x", []).startswith("GET&https%3A%2F%2Fsis.example%3A8443")
