FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /portal

# Names come in every script; a letter that no font has is printed as a number.
RUN apt-get update -qq && apt-get install --yes --no-install-recommends fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt

COPY manage.py ./
COPY resetportal resetportal
COPY districts districts
COPY exports exports
COPY resets resets
COPY templates templates

# Collecting files reads the settings, not the services that they name.
RUN DATABASE_URL=postgres:///none REDIS_URL=redis://none SECRET_KEY=none ALLOWED_HOSTS=none BASE_URL=https://none \
    LEDGER_PATH=/none ROSTER_FILES=/none EXPORT_FILES=/none BACKUP_DAYS=1 CERTIFICATE_KEYS=none SECRETS_KEYS=none \
    python manage.py collectstatic --no-input --skip-checks \
    && useradd --no-create-home portal && mkdir /ledger /rosters /exports && chown portal /ledger /rosters /exports

USER portal
EXPOSE 8000
