"""What walls and errors say, in the languages of our sources.

These are az, tr, ru, uk, en, de, fr, es, fa, ar and ka. All patterns are held against the
match form; those named for a heading must match the whole of one. They are written as one
reads the words and are folded here, so they must hold no class in capitals. A line holds one
or more of them, and goes on in the next if it ends in a backslash.
"""

import re

from pipeline.text import fold

_BROKEN = re.compile(r"\\\n +")


def _joined(table: str) -> str:
    whole = _BROKEN.sub("", table)
    return "|".join(line.strip() for line in whole.splitlines() if line.strip())


def _any(table: str) -> re.Pattern[str]:
    """Compile what finds any of the patterns of ``table``."""
    return re.compile(fold(_joined(table)))


def _any_word(table: str) -> re.Pattern[str]:
    """Compile what finds any of the patterns of ``table`` where a word begins; thrice as fast."""
    return re.compile(rf"\b(?:{fold(_joined(table))})")


# --- headings of pages that are not there ----------------------------------

#: What stands around the notice.
_SORRY = (
    r"(?:(?:oops|sorry|unfortunately|üzr istəyirik|təəssüf ki|üzgünüz|maalesef|к сожалению|извините"
    r"|на жаль|вибачте|leider|entschuldigung|désolé|lo sentimos|متأسفانه|با عرض پوزش|عذرا|عفوا)"
    r"[ ,،.!:-]*)?"
)
_CODE = (
    r"(?:(?:http|status|error|page|xəta|səhv|hata|ошибка|помилка|fehler|erreur|خطای?|خطأ|შეცდომა)"
    r"[ :#-]*){0,2}404(?:[ -]*(?:error|xətası|hatası|hata|ошибка|fehler|not found|\(not found\)))?"
)
_TAIL = (
    r"(?:[ ,.!:(-]+(?:or|və ya|veya|ya da|или|або|oder|ou|o|یا|أو|on (?:this|our|the)|we)\b.{0,60}"
    rf"|[ .!:,(-]*(?:error )?{_CODE})?"
)
_NO_PAGE = _joined(
    r"""
        (?:the |this |that )?(?:requested )?(?:page|article|content|story|document)\
        (?: (?:that )?you.{0,40}?)?(?: (?:was|is|could|can|has|does))?(?: not\
        |n't| cannot| can't| doesn't| isn't| no longer)(?: be| been)? (?:found|available|exists?)
        (?:the |this )?(?:requested )?(?:page|article|content|story|document)\
        (?: (?:that )?you.{0,40}?)? (?:is|was|has been) (?:unavailable|missing|deleted|removed)
        (?:we )?(?:can't|cannot|could not|couldn't) (?:find|locate) (?:the|that|this\
        |your) page.{0,30}
        (?:not|nothing|no results) found|page unavailable|page no longer exists
        (?:bu |axtardığınız |istədiyiniz |belə (?:bir )?)?(?:səhifə|xəbər|məqalə|material\
        |məlumat)(?: artıq)? (?:tapılmadı|tapılmayıb|mövcud deyil|silinib|silinmişdir)
        belə (?:bir )?səhifə yoxdur
        (?:aradığınız |istediğiniz |bu |böyle bir )?(?:sayfa(?:ya)?|habere?|içerik|içeriğe|yazı)\
        (?: şu anda| artık)? (?:bulunamadı|mevcut değil|kaldırıldı|silinmiş|ulaşılamıyor)
        böyle bir sayfa yok
        (?:такая |эта |запрашиваемая |запрошенная |данная |искомая )?(?:страница|статья|новость\
        |материал|публикация|запись)(?: вами)?(?:,? (?:которую\
        |который) вы .{0,20})? (?:не найден[ао]?|не существует|удален[ао]?|недоступн[ао])
        (?:такой |запрашиваемой )?страницы (?:не существует|нет)
        (?:такої )?сторінки (?:не існує|немає)
        (?:така |цю |ця |запитувана |запитану )?(?:сторінк[ау]|новин[ау]|статт[яю]\
        |матеріал) (?:не знайден[оа]?|не існує|видален[оа]?|відсутн[яє])
        (?:die |diese |der |dieser )?(?:angeforderte |gewünschte |aufgerufene |gesuchte )?\
        (?:seite|artikel|beitrag|inhalt)(?: (?:wurde|ist|konnte))?(?: leider)? (?:nicht gefunden\
        (?: werden)?|nicht(?: mehr)? (?:verfügbar|vorhanden)|gelöscht|existiert(?: leider)? nicht\
        (?: mehr)?)
        (?:cette |la )?(?:page|article)(?: demandée?)?(?: que vous.{0,30}?)? (?:est )?\
        (?:introuvable|non trouvée?|inexistante?|n'existe (?:pas|plus)|n'a pas été trouvée?)
        (?:esta |la )?página(?: solicitada| que.{0,30}?)? (?:no (?:encontrada|disponible|existe)\
        |no se (?:encuentra|ha encontrado|encontró))
        no (?:se )?(?:encontramos|encontró|ha encontrado) (?:la|esta) página
        (?:این )?(?:صفحه|خبر|مطلب)(?: مورد نظر| درخواستی)?(?: شما)? (?:یافت نشد|پیدا نشد\
        |وجود ندارد|موجود نیست|حذف شده است)
        (?:هذه )?الصفحة(?: المطلوبة| التي .{0,30}?)? (?:غير موجودة|غير متوفرة|غير متاحة)
        لم يتم العثور على (?:هذه )?(?:الصفحة|المحتوى|المقال)(?: المطلوبة?)?
        (?:ასეთი |მოთხოვნილი )?გვერდი (?:ვერ მოიძებნა|არ მოიძებნა|არ არსებობს|ვერ იქნა ნაპოვნი)
        """
)
NOT_FOUND = _any(rf"(?:{_CODE}[ :.,!-]*)?{_SORRY}(?:{_NO_PAGE}){_TAIL}|{_CODE}")


# --- walls of consent ------------------------------------------------------

#: Headings.
CONSENT = _any(
    r"""
        before you continue.{0,60}|we value your privacy
        your privacy(?: (?:choices|options|settings))?
        your privacy (?:matters|is important).{0,20}
        (?:cookie|privacy|consent) (?:consent|settings|preferences|notice)
        (?:manage|choose) (?:your )?(?:consent|cookies?|privacy).{0,30}
        davam etməzdən əvvəl.{0,40}|məxfiliyiniz.{0,40}
        (?:kuki|cookie|məxfilik).{0,3} (?:parametrləri|ayarları|tənzimləmələri)
        devam etmeden önce.{0,40}|gizliliğiniz.{0,40}|gizlilik .{0,20}önem.{0,20}
        (?:gizlilik|çerez) (?:ayarları|tercihleri|onayı|bildirimi)
        прежде чем (?:продолжить|перейти).{0,40}|мы (?:ценим|уважаем) вашу конфиденциальность
        (?:мы|сайт|этот сайт) использу(?:ем|ет) (?:файлы )?(?:cookie|куки).{0,20}
        перш ніж продовжити.{0,40}|ми (?:цінуємо|поважаємо) вашу (?:конфіденційність|приватність)
        (?:ми|сайт) використову(?:ємо|є) (?:файли )?(?:cookie|куки).{0,20}
        bevor (?:sie|du|ihr) .{0,40}|(?:datenschutz|cookie|privatsphäre)-?einstellungen
        (?:wir benötigen )?ihre (?:zustimmung|einwilligung|privatsphäre).{0,40}
        (?:mit werbung weiterlesen|weiterlesen mit werbung).{0,40}
        avant (?:de continuer|d'accéder).{0,60}
        (?:nous respectons |le respect de )?votre vie privée.{0,40}
        (?:gestion|paramètres) (?:des |du )?(?:cookies|consentement)
        continuer sans accepter.{0,20}|antes de continuar.{0,40}
        (?:valoramos|respetamos|nos importa) (?:su|tu) privacidad.{0,20}
        configuración de (?:cookies|privacidad)|(?:su|tu) privacidad.{0,30}|پیش از ادامه.{0,40}
        حریم خصوصی شما.{0,40}|تنظیمات (?:کوکی|حریم خصوصی).{0,20}
        قبل (?:المتابعة|أن تتابع|المواصلة).{0,40}|(?:نحن )?(?:نقدر|نحترم) خصوصيتك.{0,20}
        خصوصيتك.{0,30}|إعدادات (?:ملفات تعريف الارتباط|الخصوصية).{0,20}|სანამ გააგრძელებთ.{0,40}
        თქვენი კონფიდენციალურობა.{0,40}
        """
)
#: A line that holds one of these speaks of consent.
CONSENT_WORDS = _any(
    r"""
        cookie|consent|privacy|partners|personali[sz]ed|accept all|reject all|einwillig
        datenschutz|zustimm|werbung|confidentialité|consentement|vie privée|partenaires|privacidad
        consentimiento|socios|çerez|gizlilik|kuki|məxfilik|razılı|куки|согласи|конфиденциальн
        персонал|згод|конфіденційн|приватн|کوکی|حریم خصوصی|رضایت|تعريف الارتباط|خصوصي|موافق|ქუქი
        თანხმობ|კონფიდენციალ
        """
)
#: What each such wall says in some of five ways: that cookies are used, by whom, for what,
#: that one may agree or not, and that one may change one's mind.
CONSENT_KINDS = (
    _any(
        r"""
            (?:use|store|place|read) (?:and (?:read|store|access) )?(?:\w+ ){0,2}cookies
            cookies and (?:other|similar)|(?:kukilərdən|cookie.{0,20}) istifadə
            çerez(?:ler)?(?:i|den)? .{0,20}(?:kullan|yararlan)
            (?:используе[мт]|использование) (?:файлы |файлов )?(?:cookie|куки)
            використову\w+ (?:файли )?(?:cookie|куки)|verwende[nt]{1,2} .{0,20}cookies
            cookies und ähnliche|utilis(?:ons|ent) (?:des|les) (?:cookies|traceurs)
            (?:utilizamos|usamos) .{0,20}cookies|از کوکی|ملفات تعريف الارتباط|ქუქი|cookie ფაილებ
                """
    ),
    _any(
        r"""
            our (?:\d+ |trusted |advertising ){0,2}partners|\d+ (?:trusted )?partners
            tərəfdaşlarımız
            (?:iş )?ortaklarımız|наш(?:и|ими) партн[её]р|наш(?:і|ими) партнер
            unsere[nr]? .{0,20}partner|nos (?:\d+ )?partenaires|nuestros (?:\d+ )?socios|شرکای ما
            شركا[ءئ]نا|პარტნიორ
                """
    ),
    _any(
        r"""
            personali[sz]ed (?:ads|advert|content)|measure audiences
            audience (?:measurement|research|insights)|fərdiləşdirilmiş|kişiselleştirilmiş
            персонализированн|персоналізован|personalisierte|(?:publicité|contenu)s? personnalisé
            (?:anuncios|publicidad|contenido) personalizad|شخصیسازی|إعلانات مخصصة|პერსონალიზებული
                """
    ),
    _any(
        r"""
            (?:accept|reject|agree to|allow) (?:all|cookies)|choose to accept|hamısını qəbul
            qəbul edi[rn]|razıyam|tümünü (?:kabul|reddet)|kabul (?:et|ed)|принять все|отклонить
            прийняти (?:все|всі)|відхилити|alle[ns]? (?:akzeptieren|ablehnen)|zustimmen
            akzeptieren und|tout (?:accepter|refuser)|aceptar tod|rechazar|پذیرش|قبول|رفض الكل
            ვეთანხმები
                """
    ),
    _any(
        r"""
            (?:withdraw|change|manage|customi[sz]e) .{0,30}(?:consent|choices?|preferences|settings)
            consent can be withdrawn|razılığınızı .{0,20}geri|(?:onay|rıza)nızı .{0,20}geri
            отозвать .{0,20}согласие|відкликати .{0,20}згоду
            (?:zustimmung|einwilligung) .{0,60}widerruf|retirer .{0,20}consentement
            retirar .{0,20}consentimiento|رضایت خود را|سحب موافقتك
                """
    ),
)


# --- blocks ----------------------------------------------------------------

#: Headings.
BLOCKED = _any(
    r"""
        just a moment|one moment,? please|please wait|attention required
        (?:error )?(?:403|451|1020)(?: (?:error|forbidden|unavailable for legal reasons))?
        (?:403 )?forbidden
        (?:sorry,? )?(?:you have been|you are|your access (?:has been|is)) (?:blocked|restricted\
        |limited)
        access (?:is )?(?:to this .{0,30})?(?:denied|blocked|restricted|forbidden)|robot check
        captcha|are you (?:a )?(?:human|robot)
        (?:verify|confirm|prove)(?:ing)? (?:that )?you are (?:not )?(?:an? )?(?:human\
        |robot).{0,20}
        checking your browser.{0,30}|security (?:check|verification).{0,20}|ddos-guard
        ddos protection.{0,20}|request (?:blocked|rejected|unsuccessful).{0,20}
        pardon our interruption|human verification
        (?:sayta|resursa|səhifəyə) giriş (?:məhdudlaşdırılıb|bağlanıb|qadağandır)|robot deyiləm
        giriş (?:qadağandır|məhdudlaşdırılıb)|bir az gözləyin
        bu (?:internet )?site(?:si|ye)? .{0,40}(?:engellen|erişim).{0,40}
        erişim (?:engellendi|reddedildi)|bir dakika(?: lütfen)?
        robot olmadığınızı (?:doğrulayın|kanıtlayın)
        (?:доступ (?:к .{0,40})?|сайт |ресурс |страница )(?:временно )?(?:ограничен|заблокирован\
        |запрещ[её]н).{0,40}
        один момент|подтвердите,? что вы не робот|проверка (?:браузера|безопасности).{0,20}
        доступ (?:до .{0,40})?(?:обмежено|заблоковано|заборонено).{0,20}|зачекайте
        zugriff (?:verweigert|gesperrt|blockiert)|(?:nur )?einen moment(?: bitte)?
        sicherheitsüberprüfung|accès (?:refusé|interdit|bloqué)|un instant
        vérification de sécurité|acceso (?:denegado|restringido|bloqueado)|un momento
        دسترسی (?:غیرمجاز|مسدود|محدود).{0,20}|لحظهای صبر کنید|تم (?:حظر|رفض) الوصول|الوصول مرفوض
        لحظة|წვდომა (?:შეზღუდულია|აკრძალულია|დაბლოკილია)
        """
)
#: Words of guards and of offices that block; an article may hold one of them.
BLOCK_WORDS = _any(
    r"""
        captcha|cloudflare|ray id|incident id|unusual (?:traffic|activity)
        enable (?:javascript and )?cookies|suspected bot|not a robot|robot deyil|robot olmad
        не робот|security (?:service|solution)|have been blocked|роскомнадзор|149-фз|единый реестр
        5651 sayılı|bilgi teknolojileri ve iletişim kurumu|sulh ceza|erişime engel
        """
)
#: What says all on a page that says hardly anything else.
NO_ACCESS = _any(
    r"""
        (?:not|isn't|unavailable|not be) (?:currently )?(?:available|accessible|shown)? ?(?:in\
        |from) your (?:country|region|location)
        unavailable (?:due to|for) legal reasons
        (?:european economic area|european union).{0,200}(?:access|available).{0,40}
        you don't have permission to access|ölkənizdə (?:əlçatan|mövcud) deyil
        ülkenizde (?:kullanılamıyor|görüntülenemiyor)|bölgenizde kullanılamıyor
        недоступ\w{0,4} в вашей? (?:стране|регионе)
        недоступн\w{0,3} у ваш\w{2,3} (?:країні|регіоні)|in (?:ihrem|deinem) land nicht verfügbar
        pas disponible dans votre (?:pays|région)
        no (?:está )?disponible en (?:su|tu) (?:país|región)|غير متاح في (?:بلدك|منطقتك)
        در کشور شما|access denied
        verif(?:y|ying) (?:that )?you are (?:not )?(?:an? )?(?:human|robot)
        """
)
NEEDS_SCRIPTS = _any(
    r"""
        (?:enable|turn on|activate|allow|requires?|need(?:s)?) .{0,20}javascript
        javascript (?:is|must be) .{0,20}(?:disabled|enabled|required|off)
        javascript.{0,12} (?:aktiv|etkinleştir|açın|включ|увімкн|erforderlich|deaktiviert\
        |désactivé|desactivado|غیرفعال|فعال)
        (?:включите|увімкніть|activez|activer|active|aktivieren sie|фعال) .{0,12}javascript
        ჩართეთ .{0,12}javascript
        """
)


# --- logins and offers -----------------------------------------------------

#: Headings.
LOGIN = _any(
    r"""
        (?:please )?(?:log|sign) ?in(?: (?:to|or) .{0,40})?|login|members? (?:only|area)
        log in / register|(?:sayta |hesaba |sistemə )?(?:daxil ol(?:un|maq)?|giriş).{0,20}
        (?:üye |kullanıcı )?girişi?(?: yap(?:ın)?)?|oturum aç(?:ın)?
        вход(?: (?:на сайт|в .{0,30}))?|авторизация|войти|войдите.{0,30}|вхід(?: .{0,20})?|увійти
        увійдіть.{0,30}|авторизація|anmelden|anmeldung|einloggen|se connecter|connexion
        connectez-vous.{0,30}|iniciar sesión|inicia(?:r)? sesión.{0,30}|acceder
        ورود(?: به .{0,20})?|تسجيل الدخول|შესვლა|ავტორიზაცია
        """
)
MUST_LOG_IN = _any(
    r"""
        (?:must|need to|have to|please) (?:be logged|be signed|log|sign) ?in to (?:view|read|see\
        |access|continue)
        (?:oxumaq|baxmaq|davam etmək) üçün .{0,30}(?:daxil olun|qeydiyyat)
        (?:okumak|görmek|görüntülemek|devam etmek) için .{0,30}(?:giriş yap|üye ol|oturum aç)
        чтобы (?:прочитать|читать|просмотреть|увидеть|продолжить).{0,30}(?:войдите|авторизуйтесь\
        |зарегистрируйтесь)
        (?:требуется|необходима) авторизация
        щоб (?:прочитати|читати|переглянути|продовжити).{0,30}(?:увійдіть|зареєструйтеся)
        (?:melden sie sich an|bitte anmelden),? um .{0,30}(?:lesen|sehen|fortzufahren)
        (?:connectez-vous|identifiez-vous) pour (?:lire|voir|accéder|continuer)
        inicia(?:r)? sesión para (?:ver|leer|acceder|continuar)
        برای (?:مشاهده|خواندن|ادامه).{0,30}وارد شوید
        (?:سجل|قم بتسجيل) (?:الدخول)?.{0,20}(?:لقراءة|للمتابعة|لعرض)|გაიარეთ ავტორიზაცია
        """
)
#: What stands where a text breaks off for those who have not paid.
OFFER = _any_word(
    r"""
        (?:subscribe|register|sign ?(?:up|in)|log ?in|join|become a).{0,60} to (?:continue\
        |keep) reading
        (?:subscribe|register|sign ?(?:up|in)|log ?in|join|become a).{0,60} to (?:read (?:on|more\
        |this|the (?:rest|full|whole|entire))|unlock|access (?:this|the full))
        to (?:continue|keep) reading,? .{0,30}(?:subscri|sign|log|register)
        to read the (?:rest|full|whole|entire) .{0,40}(?:subscri|sign|log|register)
        already (?:a |an |have a )?(?:subscriber|subscription|subscribed|member\b.{0,20}(?:log\
        |sign))
        (?:article|content|story) is .{0,20}(?:for|to) (?:\w+ )?(?:subscribers|members)
        subscriber[- ]only (?:article|content|story)
        (?:read|used|reached) .{0,30}(?:free article|article limit)
        free articles? (?:left|remaining)
        (?:davamını|tam mətni|qalan hissəsini|tam oxumaq).{0,40}(?:abunə|qeydiyyat|daxil ol)
        (?:yalnız|ancaq) abunəçilər|abunə ol.{0,40}(?:davamını|tam mətni|qalanını)
        artıq abunəsiniz|(?:devamını|tamamını|sınırsız).{0,40}(?:abone|üye ol|giriş yap)
        (?:yalnızca|sadece) aboneler|(?:abone|üye) ol.{0,40}(?:devamını|tamamını|sınırsız)
        aboneler(?:imiz)?e özel|zaten abone
        чтобы (?:прочитать|читать|продолжить|дочитать).{0,60}(?:подпи|войдите|зарегистрируйтесь\
        |авторизуйтесь)
        (?:оформите|купите|оформить) подписку.{0,60}(?:чита|доступ|полн)
        (?:доступ\w{0,5}|только) .{0,20}(?:подписчик|по подписке)
        уже (?:есть подписка|подписаны|подписчик)
        щоб (?:прочитати|читати|продовжити|дочитати).{0,60}(?:передпла|підпи|увійдіть\
        |зареєструйтеся)
        (?:лише|тільки|доступн\w{1,3}) .{0,20}(?:передплатник|підписник|за передплатою\
        |за підпискою)
        (?:вже|уже) (?:є )?(?:передпл|підписк)
        weiterlesen (?:mit|nach|im|mit unserem) .{0,20}(?:plus|\+|abo|anmeld|probe)
        (?:jetzt|artikel) weiterlesen
        (?:nur|exklusiv) für (?:plus-?|unsere )?(?:abonnent|mitglieder)
        (?:bereits|schon) (?:abonnent|kunde|ein abo|registriert[?])
        (?:abo|abonnieren|anmelden|registrieren).{0,60}(?:weiterlesen|weiterzulesen\
        |ganzen artikel)
        (?:article|contenu|suite|lecture).{0,30}réservée?s? .{0,15}abonné|déjà abonné
        il vous reste .{0,30}à (?:lire|découvrir)
        (?:abonnez|inscrivez|connectez|identifiez)-vous.{0,40}(?:lire (?:la suite|l'article)\
        |poursuivre|continuer)
        pour (?:lire la suite|poursuivre|continuer (?:la|votre) lecture).{0,40}
        abonnement n'autorise pas
        (?:suscríbete|suscríbase|regístrate|regístrese|inicia sesión).{0,60}(?:seguir leyendo\
        |continuar leyendo|leer más)
        (?:solo|sólo|exclusiv[oa]|reservado) para (?:suscriptores|socios|abonados)
        ya (?:eres|es|soy) (?:suscriptor|socio)|para (?:seguir|continuar) leyendo
        (?:برای|جهت) (?:خواندن|مطالعه|دسترسی|ادامه).{0,40}(?:اشتراک|عضو|وارد شوید|ثبت نام)
        (?:ویژه|مخصوص|فقط برای) (?:مشترکان|مشترکین|اعضا)
        (?:اشترك|سجل).{0,40}(?:لمتابعة|لمواصلة|للاستمرار في) القراءة|(?:للمشتركين|للأعضاء) فقط
        (?:حصري|متاح) للمشتركين|لقراءة (?:المزيد|بقية|المقال كاملا).{0,30}اشترك
        (?:სრულად|გაგრძელების) წასაკითხად.{0,40}(?:გამოიწერეთ|დარეგისტრირდით|გაიარეთ)
        მხოლოდ (?:გამომწერ|ხელმომწერ)
        """
)
